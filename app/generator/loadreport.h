// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"
#include "domain/outcome.h"

#include <QString>

#include <map>
#include <optional>

namespace throughline {

/// Counters of a run while it goes on.
struct LoadStats
{
    qint64 sent = 0;
    qint64 committed = 0; ///< in both stores
    qint64 cachePending = 0;
    qint64 conflicts = 0;
    qint64 failed = 0;    ///< rejected
    qint64 behind = 0;    ///< edits that the schedule is late by
    double perSecond = 0; ///< committed in the last second
    double elapsedS = 0;
    std::optional<StoreError> lastError;
    qint64 unknown = 0;     ///< may have been committed
    qint64 unavailable = 0; ///< a store was away; nothing was sent
};

/// Percentiles of a latency in milliseconds.
struct LatencyMs
{
    double p50 = 0, p95 = 0, p99 = 0, max = 0;
};

/// What a run did and whether the stores agree on every key it touched.
struct LoadReport
{
    LoadStats stats;
    std::map<Verdict, qint64> verdicts;
    LatencyMs fromIntendedStart;
    LatencyMs service;
    quint64 seed = 0;
    qint64 keysTouched = 0;
    qint64 keysVerified = 0;
    qint64 keysDiffering = 0;
    qint64 keysNotCached = 0;
    std::optional<StoreError> error; ///< why the run, or its verification, ended early
};

} // namespace throughline
