// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/strongids.h"
#include "domain/value.h"

#include <vector>

namespace throughline {

enum class EditKind { Update, Insert, Delete };
enum class Origin { Grid, Generator, CommandLine };

struct FieldChange
{
    int field = 0; ///< index into Mapping::fields
    Value value;

    friend bool operator==(const FieldChange &, const FieldChange &) = default;
};

/// One change of one row on its way down to both stores; exactly one Outcome with its op id comes back.
struct Edit
{
    OpId op;
    EditKind kind = EditKind::Update;
    RowKey key;      ///< empty for an Insert whose key the table's sequence gives
    RowVersion base; ///< the version the change was made on (not for Insert)
    std::vector<FieldChange> changes;
    Origin origin = Origin::Grid;
    Instant submitted = Clock::now(); ///< start of the time "queued"
};

} // namespace throughline
