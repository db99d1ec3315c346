// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/suspects.h"

#include <utility>

namespace throughline {

namespace {

constexpr int mostLooks = 6;

/// What the scripts make of a version: junk is 0.
RowVersion numberOf(const QByteArray &version)
{
    return {version.toLongLong()};
}

bool isHashTouched(const Suspect &before, const KeyLook &look)
{
    return look.state != before.state || look.version != before.version;
}

/// The row has been written since the look before, and was not ahead of its hash then.
bool mayPushBeOnItsWay(const Suspect &before, const KeyLook &look)
{
    return look.rowVersion > numberOf(look.version) && look.rowVersion != before.rowVersion &&
           before.rowVersion <= numberOf(before.version);
}

} // namespace

NextLook judge(const Suspect &before, const KeyLook &look)
{
    if (!look.comparison.isFault())
        return NextLook::Agrees;
    if (!isHashTouched(before, look) && !mayPushBeOnItsWay(before, look))
        return NextLook::Differs;
    return before.looks + 1 < mostLooks ? NextLook::Changing : NextLook::Unsettled;
}

Suspects::Suspects(milliseconds settleTime) noexcept
    : m_settleTime(settleTime)
{
}

void Suspects::add(const KeyLook &look, int looks, Instant now)
{
    if (m_keys.contains(look.key))
        return;
    m_keys.insert(look.key);
    m_waiting.push_back({look.key, look.state, look.version, look.rowVersion, looks});
    m_due = now + m_settleTime;
}

std::vector<Suspect> Suspects::takeAll()
{
    m_keys.clear();
    return std::exchange(m_waiting, {});
}

} // namespace throughline
