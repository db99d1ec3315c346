// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "engine/rowpair.h"
#include "generator/loadreport.h"

#include <QStandardItemModel>

#include <memory>

/// Made-up values for tests of the window's looks.
namespace throughline::samples {

[[nodiscard]] Mapping usersMapping();
/// The row and its hash, equal.
[[nodiscard]] RowPair samePair(const Mapping &mapping);
/// date_of_birth missing in the hash, score stale.
[[nodiscard]] RowPair differingPair(const Mapping &mapping);
/// A grid's worth of rows with every cell state, in the roles of ui/models/rowroles.h.
[[nodiscard]] std::unique_ptr<QStandardItemModel> gridModel(const Mapping &mapping);

/// A run of 200 writes a second that is slow for some seconds: jagged, and the same each time.
[[nodiscard]] LoadSample loadSampleAt(double seconds);
[[nodiscard]] LoadStats loadStatsAt(double seconds);

} // namespace throughline::samples
