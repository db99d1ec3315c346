// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/storeerror.h"
#include "domain/stagedwrite.h"
#include "engine/latencyhistogram.h"

#include <QMetaType>

#include <array>
#include <numeric>
#include <optional>

namespace throughline {

/// From noticing a staged write to its answer.
struct StagedLatency
{
    qint64 count = 0;
    nanoseconds sum{0};
    nanoseconds p50{0};
    nanoseconds p95{0};
    nanoseconds p99{0};
    nanoseconds longest{0};

    [[nodiscard]] static StagedLatency of(const LatencyHistogram &histogram)
    {
        return {histogram.count(),        histogram.sum(),          histogram.percentile(50),
                histogram.percentile(95), histogram.percentile(99), histogram.maximum()};
    }
    friend bool operator==(const StagedLatency &, const StagedLatency &) = default;
};

/// What became of the staged writes so far, since the start of this program.
struct StagedReport
{
    qint64 taken = 0;
    qint64 done = 0;
    std::array<qint64, stagedRefusals> failed{}; ///< by StagedRefusal
    qint64 waiting = 0;                          ///< known for more than a second, and not answered
    bool scanning = false; ///< Redis does not announce staged writes, so they are looked for five times a second
    StagedLatency latency;
    std::optional<StoreError> error; ///< why nothing can be done at the moment

    /// Adds what another one has done, but for the latency, which the parts do not tell.
    void add(const StagedReport &other)
    {
        taken += other.taken;
        done += other.done;
        for (size_t i = 0; i < failed.size(); ++i)
            failed[i] += other.failed[i];
        waiting += other.waiting;
        scanning = scanning || other.scanning;
        if (!error)
            error = other.error;
    }
    [[nodiscard]] qint64 failures() const noexcept { return std::accumulate(failed.begin(), failed.end(), qint64(0)); }
    friend bool operator==(const StagedReport &, const StagedReport &) = default;
};

} // namespace throughline
