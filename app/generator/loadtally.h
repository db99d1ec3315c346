// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/outcome.h"
#include "engine/latencyhistogram.h"

#include <QString>

#include <array>
#include <map>
#include <optional>
#include <vector>

namespace throughline {

/// What happened in a piece of a run: of one worker in a tenth of a second, or of all in all of it. A value.
struct LoadTally
{
    static constexpr size_t verdictKinds = 7;
    static constexpr size_t mostRows = 1000; ///< that are shown at once

    qint64 sent = 0;
    qint64 reads = 0;
    qint64 failedReads = 0;
    qint64 coalesced = 0;
    qint64 late = 0;
    std::array<qint64, verdictKinds> verdicts{};
    std::map<QString, qint64> errors; ///< by SQLSTATE, Redis' error word or our own kind
    std::optional<StoreError> lastError;
    LatencyHistogram intended;
    LatencyHistogram service;
    LatencyHistogram staleness;
    std::vector<Row> rows;    ///< as committed, the newest last
    bool rowsSkipped = false; ///< more were changed, added or deleted than `rows` shows

    [[nodiscard]] qint64 count(Verdict verdict) const noexcept { return verdicts[static_cast<size_t>(verdict)]; }
    [[nodiscard]] qint64 committed() const noexcept { return count(Verdict::Committed); }
    /// Rejected, unknown, not sent and conflicts.
    [[nodiscard]] qint64 errorCount() const noexcept;
    void take(Verdict verdict, const std::optional<StoreError> &error);
    void takeError(const StoreError &error);
    /// Adds all but the rows.
    void merge(const LoadTally &other);
    void clear();
};

/// SQLSTATE, Redis' error word or our own word.
[[nodiscard]] QString errorName(const StoreError &error);

} // namespace throughline
