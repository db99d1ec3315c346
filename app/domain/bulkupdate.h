// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strongids.h"
#include "domain/textblock.h"

#include <vector>

namespace throughline {

/// Updates of the same fields of many different rows, as one statement carries them. What a vector of Edit says,
/// without an object for each row.
struct BulkUpdate
{
    OpId op;
    std::vector<int> fields; ///< indexes into Mapping::fields; at least one
    TextBlock keys;          ///< as PostgreSQL prints them; each once
    std::vector<RowVersion> bases;
    TextBlock values; ///< row after row, one for each field

    [[nodiscard]] size_t rows() const noexcept { return bases.size(); }
    [[nodiscard]] RowKey key(size_t row) const { return {keys.at(row).toByteArray()}; }
};

/// What the statement returned of them.
struct BulkWritten
{
    std::vector<RowVersion> versions; ///< of each row of the update; 0: it was not as its base says, nothing is written
    std::vector<int> fields;          ///< what was set, and what the table generates
    TextBlock values;                 ///< as PostgreSQL prints them, row after row; empty texts for rows not written
    bool changesMore = false;         ///< a trigger or rule of somebody else may have changed other fields as well
};

} // namespace throughline
