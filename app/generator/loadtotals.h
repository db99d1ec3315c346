// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/dispatcher.h"
#include "generator/loadreport.h"
#include "generator/loadtally.h"

#include <deque>

namespace throughline {

[[nodiscard]] LatencyMs percentilesOf(const LatencyHistogram &histogram);

/// Adds up what the workers counted: a sample for each tenth of a second, and the figures of the whole run. Pure; a
/// value.
class LoadTotals final
{
public:
    /// `tally` is of all workers since the last call; `atS` counts from the start of the run.
    [[nodiscard]] LoadSample add(const LoadTally &tally, const Dispatcher::State &state, double atS,
                                 std::optional<qint64> outboxRows);
    /// So far; without phase and verification.
    [[nodiscard]] LoadStats stats() const;
    /// The run is over: what was due and not sent is dropped, and the rate is that of the whole run.
    void end(const Dispatcher::State &state, Pacing pacing, double atS);
    /// Everything of the report that was counted.
    void fill(LoadReport &report) const;

private:
    struct Second
    {
        double atS;
        qint64 committed;
    };
    [[nodiscard]] qint64 unsent(const Dispatcher::State &state) const noexcept;

    LoadTally m_all;
    Dispatcher::State m_state;
    std::deque<Second> m_lastSecond; ///< how much had been committed when
    double m_atS = 0;
    double m_wholeRate = 0;
    qint64 m_dropped = 0;
    bool m_hasEnded = false;
};

} // namespace throughline
