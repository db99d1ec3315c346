// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "ui/models/editstates.h"

#include <QHash>

#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace throughline {

/// The short tint of cells that somebody else changed. When more change than an eye can follow, nothing flashes and
/// only the number of changes is told.
class CellFlashes final
{
public:
    static constexpr milliseconds duration{600};
    static constexpr int steps = 12;
    static constexpr int mostPerSecond = 40;

    /// These cells changed; those that were flashing start anew. Returns what flashes now.
    std::vector<CellId> start(const std::vector<CellId> &cells, Instant now);
    /// What is left of the tint, 1 to 0 in steps.
    [[nodiscard]] double strength(const CellId &cell, Instant now) const;
    /// The cells whose tint must be drawn again; forgets those that are through.
    std::vector<CellId> advance(Instant now);
    [[nodiscard]] int changesPerSecond(Instant now);
    /// What people should be told of the rate, at most once a second: the changes per second while they are too many
    /// to flash, 0 when that is over; nothing when there is no news.
    [[nodiscard]] std::optional<int> newsOfRate(Instant now);
    [[nodiscard]] std::optional<Instant> nextDue(Instant now) const;

private:
    QHash<CellId, Instant> m_started;
    std::deque<std::pair<Instant, int>> m_changes; ///< of the last second
    int m_changeCount = 0;
    int m_toldRate = 0;
    Instant m_toldAt;
};

} // namespace throughline
