// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"
#include "domain/rowcompare.h"

#include <optional>
#include <vector>

namespace throughline {

/// How often each kind of difference was found. Of a row that differs every differing field counts.
struct DifferenceCounts
{
    qint64 staleFields = 0;
    qint64 missingFields = 0;
    qint64 fieldsOnlyInCache = 0;
    qint64 versions = 0;
    qint64 wrongTypes = 0;
    qint64 orphans = 0;

    void add(const RowComparison &comparison);
};

/// One key that differs; never its values.
struct KeyDifference
{
    RowKey key;
    RowComparison comparison;
};

/// What a comparison of the stores has found so far, or in all.
struct VerifyReport
{
    static constexpr size_t mostNamed = 100;

    qint64 estimatedRows = 0; ///< what is to be compared, about
    qint64 rows = 0;          ///< compared with the cache
    qint64 notCached = 0;     ///< rows without a hash: no fault
    qint64 differing = 0;     ///< keys
    qint64 repaired = 0;      ///< of these
    qint64 unsettled = 0;     ///< keys that went on changing, or were not looked at again before the end
    DifferenceCounts counts;
    std::vector<KeyDifference> named; ///< the first of them
    double elapsedS = 0;
    std::optional<StoreError> error; ///< what broke it off

    void add(const RowKey &key, const RowComparison &comparison);
    [[nodiscard]] bool storesAgree() const noexcept { return differing == repaired; }
};

} // namespace throughline
