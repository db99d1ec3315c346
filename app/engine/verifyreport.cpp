// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/verifyreport.h"

#include <algorithm>

namespace throughline {

void DifferenceCounts::add(const RowComparison &comparison)
{
    const auto fields = [&](FieldDifference kind) { return std::ranges::count(comparison.fields, kind); };
    staleFields += fields(FieldDifference::Stale);
    missingFields += fields(FieldDifference::MissingInCache);
    fieldsOnlyInCache += fields(FieldDifference::OnlyInCache);
    versions += comparison.versionDiffers;
    wrongTypes += comparison.row == RowDifference::WrongType;
    orphans += comparison.row == RowDifference::Orphan;
}

void VerifyReport::add(const RowKey &key, const RowComparison &comparison)
{
    ++differing;
    counts.add(comparison);
    if (named.size() < mostNamed)
        named.push_back({key, comparison});
}

} // namespace throughline
