// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/activityline.h"

#include <QHash>

#include <deque>
#include <vector>

namespace throughline {

/// The newest lines, the newest first, never more than a given number for longer than a moment.
class ActivityRing final
{
public:
    explicit ActivityRing(int most)
        : m_most(most)
    {
    }

    [[nodiscard]] int size() const noexcept { return static_cast<int>(m_lines.size()); }
    [[nodiscard]] const ActivityLine &at(int row) const { return m_lines[static_cast<size_t>(row)]; }
    [[nodiscard]] bool contains(const OpId &id) const { return m_ids.contains(id); }
    [[nodiscard]] std::optional<int> rowOf(const OpId &id) const;
    /// How many lines are too many.
    [[nodiscard]] int excess() const noexcept { return std::max(0, size() - m_most); }
    [[nodiscard]] int most() const noexcept { return m_most; }
    /// An older line than this would go at once.
    [[nodiscard]] bool hasRoomFor(const QDateTime &at) const { return size() < m_most || at > m_lines.back().at; }
    /// Where a line of this time belongs, looked for from `from` on.
    [[nodiscard]] int placeFor(const QDateTime &at, int from) const;

    /// The first of the lines comes to stand at `row`.
    void insert(int row, const std::vector<ActivityLine> &lines);
    void replace(int row, const ActivityLine &line);
    void erase(int row, int count);

private:
    void forget(const OpId &id);

    int m_most;
    std::deque<ActivityLine> m_lines;
    QHash<OpId, int> m_ids; ///< how many lines have it: a write that is sent again keeps its id
};

} // namespace throughline
