// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/activityring.h"

#include <algorithm>

namespace throughline {

std::optional<int> ActivityRing::rowOf(const OpId &id) const
{
    if (!contains(id))
        return std::nullopt;
    const auto found = std::ranges::find(m_lines, id, &ActivityLine::id);
    return static_cast<int>(found - m_lines.begin());
}

int ActivityRing::placeFor(const QDateTime &at, int from) const
{
    const auto older = [&at](const ActivityLine &line) { return line.at <= at; };
    return static_cast<int>(std::find_if(m_lines.begin() + from, m_lines.end(), older) - m_lines.begin());
}

void ActivityRing::insert(int row, const std::vector<ActivityLine> &lines)
{
    m_lines.insert(m_lines.begin() + row, lines.begin(), lines.end());
    for (const ActivityLine &line : lines)
        ++m_ids[line.id];
}

void ActivityRing::replace(int row, const ActivityLine &line)
{
    ActivityLine &place = m_lines[static_cast<size_t>(row)];
    forget(place.id);
    place = line;
    ++m_ids[line.id];
}

void ActivityRing::erase(int row, int count)
{
    const auto first = m_lines.begin() + row;
    for (auto line = first; line != first + count; ++line)
        forget(line->id);
    m_lines.erase(first, first + count);
}

void ActivityRing::forget(const OpId &id)
{
    const auto found = m_ids.find(id);
    if (--*found == 0)
        m_ids.erase(found);
}

} // namespace throughline
