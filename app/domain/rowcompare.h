// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/cachedrow.h"
#include "domain/mapping.h"
#include "domain/row.h"

#include <optional>
#include <vector>

namespace throughline {

enum class FieldDifference {
    Same,
    OtherSpelling, ///< same value by its type, other text: 2024-06-21 and 2024-06-21 00:00:00
    Stale,         ///< both hold a value, and the values differ
    MissingInCache,
    OnlyInCache, ///< the column is NULL, the hash has a value
};

enum class RowDifference {
    Same,      ///< every field same or other spelling, versions equal
    Differs,   ///< at least one field or the version differs
    NotCached, ///< row without hash: no fault, the next read fills it
    Orphan,    ///< hash without row
    WrongType, ///< the key holds something that is not a hash
    Neither,   ///< no row and no hash
};

struct RowComparison
{
    RowDifference row = RowDifference::Neither;
    std::vector<FieldDifference> fields; ///< in the order of Mapping::fields; empty unless both sides are there
    bool versionDiffers = false;

    [[nodiscard]] int differingFields() const;
    /// Something that `verify` counts as a fault.
    [[nodiscard]] bool isFault() const noexcept;
};

/// Compares one value of a column in both stores, by text first and then by type.
[[nodiscard]] FieldDifference compareValues(const ColumnInfo &column, const Value &table, const Value &cache);

/// Compares a row with its hash. Fields outside the mapping are no difference.
[[nodiscard]] RowComparison compareRow(const Mapping &mapping, const std::optional<Row> &row, const CachedRow &cached);
/// The same by presence and version alone: values are not looked at.
[[nodiscard]] RowComparison compareVersion(const std::optional<RowVersion> &version, const CachedRow &cached);

} // namespace throughline
