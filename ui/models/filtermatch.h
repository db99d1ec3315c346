// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "domain/row.h"
#include "engine/tableindex.h"

namespace throughline {

/// Whether a row belongs to those that the filter shows; the same rule as the reading of the index has.
[[nodiscard]] bool passesFilter(const Mapping &mapping, const RowFilter &filter, const Row &row);

} // namespace throughline
