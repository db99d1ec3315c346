// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/storelink.h"
#include "generator/keypool.h"

#include <functional>

namespace throughline {

/// Deals the rows of the table to so many workers in turn, so that no two of them write the same row. `goesOn` is asked
/// between pages; what was dealt by then is returned when it says no. Blocks its thread.
[[nodiscard]] Result<std::vector<KeyPool>> dealKeys(PostgresLink &postgres, size_t workers, milliseconds deadline,
                                                    const std::function<bool()> &goesOn);

} // namespace throughline
