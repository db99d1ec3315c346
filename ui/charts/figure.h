// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace throughline {

/// What the charts show of a run: rates per second, latencies in milliseconds, rows.
enum class Figure {
    Done, ///< committed in the second before
    Target,
    Latency50, ///< from the intended start
    Latency95,
    Latency99,
    LatencyMax,
    Stale50, ///< from the commit in PostgreSQL to Redis' answer
    Stale95,
    Stale99,
    StaleMax,
    Errors, ///< in the second before
    Outbox, ///< rows
};

inline constexpr int figureCount = 12;

} // namespace throughline
