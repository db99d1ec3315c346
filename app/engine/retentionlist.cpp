// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/retentionlist.h"

#include "base/faultpoint.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace throughline {

namespace {

template <class Wanted>
std::vector<RetainedPush> take(std::vector<RetainedPush> &pushes, Wanted wanted)
{
    const auto first =
        std::stable_partition(pushes.begin(), pushes.end(), [&](const RetainedPush &push) { return !wanted(push); });
    std::vector<RetainedPush> taken(std::make_move_iterator(first), std::make_move_iterator(pushes.end()));
    pushes.erase(first, pushes.end());
    return taken;
}

} // namespace

RetentionList::RetentionList(milliseconds retention)
    : m_retention(retention)
{
}

void RetentionList::add(RetainedPush push)
{
    m_pushes.push_back(std::move(push));
}

bool RetentionList::isSafe(const RetainedPush &push, Instant now, quint64 connection) const
{
    if (isMutated(Mutation::EarlyPurge))
        return push.pushed;
    return push.pushed && push.connection == connection && now - push.pushedAt >= m_retention;
}

std::vector<RetainedPush> RetentionList::takeSafe(Instant now, quint64 connection)
{
    return take(m_pushes, [&](const RetainedPush &push) { return isSafe(push, now, connection); });
}

std::vector<RetainedPush> RetentionList::takeUnpushed(quint64 connection)
{
    return take(m_pushes, [&](const RetainedPush &push) { return !push.pushed || push.connection != connection; });
}

bool RetentionList::hasUnpushed(quint64 connection) const
{
    return std::ranges::any_of(m_pushes,
                               [&](const RetainedPush &push) { return !push.pushed || push.connection != connection; });
}

} // namespace throughline
