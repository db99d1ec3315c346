// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strongids.h"
#include "domain/value.h"

#include <vector>

namespace throughline {

/// One row of the table as PostgreSQL holds it. `values` has the order of Mapping::fields.
struct Row
{
    RowKey key;
    RowVersion version;
    std::vector<Value> values;

    friend bool operator==(const Row &, const Row &) = default;
};

} // namespace throughline
