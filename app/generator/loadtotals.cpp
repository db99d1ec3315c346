// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadtotals.h"

#include <algorithm>

namespace throughline {

namespace {

std::optional<LatencyMs> percentilesIfAny(const LatencyHistogram &histogram)
{
    return histogram.count() > 0 ? std::optional(percentilesOf(histogram)) : std::nullopt;
}

} // namespace

LatencyMs percentilesOf(const LatencyHistogram &histogram)
{
    const auto ms = [](nanoseconds value) { return std::chrono::duration<double, std::milli>(value).count(); };
    return {ms(histogram.percentile(50)), ms(histogram.percentile(95)), ms(histogram.percentile(99)),
            ms(histogram.maximum())};
}

/// Due, and not sent yet: some of it may be in the hands of workers.
qint64 LoadTotals::unsent(const Dispatcher::State &state) const noexcept
{
    return state.backlog + (state.rate > 0 ? std::max<qint64>(0, state.taken - m_all.sent) : 0);
}

LoadSample LoadTotals::add(const LoadTally &tally, const Dispatcher::State &state, double atS,
                           std::optional<qint64> outboxRows)
{
    m_all.merge(tally);
    LoadSample sample;
    sample.atS = atS;
    sample.seconds = atS - m_atS;
    sample.committed = tally.committed();
    sample.reads = tally.reads;
    sample.errors = tally.errorCount();
    sample.targetPerSecond = state.rate;
    sample.backlog = unsent(state);
    sample.fromIntendedStart = percentilesIfAny(tally.intended);
    sample.service = percentilesIfAny(tally.service);
    sample.staleness = percentilesIfAny(tally.staleness);
    sample.outboxRows = outboxRows;
    m_state = state;
    m_atS = atS;
    m_lastSecond.push_back({atS, m_all.committed()});
    while (m_lastSecond.size() > 2 && m_lastSecond[1].atS <= atS - 1)
        m_lastSecond.pop_front();
    return sample;
}

LoadStats LoadTotals::stats() const
{
    LoadStats stats;
    stats.sent = m_all.sent;
    stats.committed = m_all.committed();
    stats.cachePending = m_all.count(Verdict::CommittedCachePending);
    stats.conflicts = m_all.count(Verdict::Conflict);
    stats.failed = m_all.count(Verdict::Rejected);
    stats.unknown = m_all.count(Verdict::Unknown);
    stats.unavailable = m_all.count(Verdict::Unavailable) + m_all.count(Verdict::Cancelled) + m_all.failedReads;
    stats.reads = m_all.reads;
    stats.coalesced = m_all.coalesced;
    stats.late = m_all.late;
    stats.backlog = m_hasEnded ? 0 : unsent(m_state);
    stats.dropped = m_dropped;
    stats.targetPerSecond = m_state.rate;
    stats.elapsedS = m_atS;
    stats.lastError = m_all.lastError;
    const Second first = m_lastSecond.empty() ? Second{0, 0} : m_lastSecond.front();
    if (m_hasEnded)
        stats.perSecond = m_wholeRate;
    else if (m_atS > first.atS)
        stats.perSecond = static_cast<double>(m_all.committed() - first.committed) / (m_atS - first.atS);
    return stats;
}

void LoadTotals::end(const Dispatcher::State &state, Pacing pacing, double atS)
{
    m_hasEnded = true;
    m_state = state;
    m_atS = atS;
    m_wholeRate = atS > 0 ? static_cast<double>(m_all.committed()) / atS : 0;
    m_dropped = pacing == Pacing::OpenLoop ? unsent(state) + state.forgotten : 0;
}

void LoadTotals::fill(LoadReport &report) const
{
    report.stats = stats();
    for (size_t i = 0; i < m_all.verdicts.size(); ++i) {
        if (m_all.verdicts[i] > 0)
            report.verdicts[static_cast<Verdict>(i)] = m_all.verdicts[i];
    }
    report.sendingS = m_state.sendingS;
    report.errors = m_all.errors;
    report.fromIntendedStart = percentilesOf(m_all.intended);
    report.service = percentilesOf(m_all.service);
    report.staleness = percentilesOf(m_all.staleness);
}

} // namespace throughline
