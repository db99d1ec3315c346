// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"
#include "domain/outcome.h"
#include "generator/loadsettings.h"

#include <QDateTime>
#include <QMetaType>
#include <QString>

#include <map>
#include <optional>

namespace throughline {

/// Percentiles of a latency in milliseconds.
struct LatencyMs
{
    double p50 = 0, p95 = 0, p99 = 0, max = 0;
};

enum class LoadPhase {
    Preparing, ///< reads the keys
    Running,
    Finishing, ///< waits for the answers in flight
    Verifying,
};

/// Counters of a run while it goes on.
struct LoadStats
{
    LoadPhase phase = LoadPhase::Preparing;
    qint64 sent = 0;
    qint64 committed = 0; ///< in both stores; with the path Staged or Messages: answered so
    qint64 cachePending = 0;
    qint64 conflicts = 0;
    qint64 failed = 0;          ///< rejected
    qint64 unknown = 0;         ///< may have been committed
    qint64 unavailable = 0;     ///< a store was away; nothing was sent
    qint64 reads = 0;           ///< answered; not among `committed`
    qint64 coalesced = 0;       ///< writes that an answer covers which was another's: staged in one hash
    qint64 late = 0;            ///< sent more than 1 ms after they were due, of all that were sent so far
    qint64 backlog = 0;         ///< due and not sent at the moment
    qint64 dropped = 0;         ///< due, and never sent because the run ended or went on with another rate
    double perSecond = 0;       ///< committed in the last second; at the end of the whole run
    double targetPerSecond = 0; ///< at the moment; 0 = unlimited
    double elapsedS = 0;
    qint64 keysToVerify = 0; ///< while Verifying
    qint64 keysVerified = 0;
    std::optional<StoreError> lastError;

    [[nodiscard]] qint64 errors() const noexcept { return failed + unknown + unavailable; }
};

/// A tenth of a second of a run, for the charts. Percentiles are of the answers that came in it.
struct LoadSample
{
    double atS = 0;     ///< its end, since the start of the run
    double seconds = 0; ///< how long it was
    qint64 committed = 0;
    qint64 reads = 0;
    qint64 errors = 0;          ///< rejected, unknown, not sent, conflicts
    double targetPerSecond = 0; ///< 0 = unlimited
    qint64 backlog = 0;
    std::optional<LatencyMs> fromIntendedStart; ///< none when nothing was answered
    std::optional<LatencyMs> service;           ///< from sending it
    std::optional<LatencyMs> staleness;         ///< from the commit in PostgreSQL to Redis' answer
    std::optional<qint64> outboxRows;           ///< at the last look, about twice a second
};

/// The machine and the servers of a run, so that two reports can be compared.
struct LoadMachine
{
    QString processor; ///< as the kernel calls it
    int cores = 0;
    qint64 memoryBytes = 0;
    QString system;   ///< "Debian GNU/Linux 12 (bookworm)"
    QString program;  ///< name and version
    QString postgres; ///< version
    QString redis;    ///< version
};

/// What a run did and whether the stores agree on every key it touched.
struct LoadReport
{
    LoadSettings settings;
    LoadMachine machine;
    QDateTime startedAt; ///< UTC
    LoadStats stats;
    std::map<Verdict, qint64> verdicts;
    std::map<QString, qint64> errors; ///< by SQLSTATE, Redis' error word or our own kind
    LatencyMs fromIntendedStart;
    LatencyMs service;
    LatencyMs staleness;
    std::vector<std::pair<double, double>>
        rateChanges; ///< while it ran: seconds since the start, operations per second
    qint64 keysTouched = 0;
    qint64 keysVerified = 0;
    qint64 keysDiffering = 0;
    qint64 keysNotCached = 0;
    double sendingS = 0;             ///< how long operations were sent: without the wait for the last answers
    std::optional<double> stopMs;    ///< from stop() until everything in flight was answered; none: it ended by itself
    std::optional<StoreError> error; ///< why the run, or its verification, ended early

    /// Operations a second while they were sent: what is held against the rate that was asked for.
    [[nodiscard]] double sentPerSecond() const noexcept
    {
        return sendingS > 0 ? static_cast<double>(stats.sent) / sendingS : 0;
    }
};

} // namespace throughline

Q_DECLARE_METATYPE(throughline::LoadStats)
Q_DECLARE_METATYPE(throughline::LoadSample)
Q_DECLARE_METATYPE(throughline::LoadReport)
