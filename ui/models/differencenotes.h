// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/cachedrow.h"
#include "domain/mapping.h"
#include "domain/row.h"
#include "domain/rowcompare.h"
#include "ui/models/editstates.h"

#include <QMap>

#include <optional>

namespace throughline {

/// What the cells of a row say about the difference between the stores, by field; CellId::keyColumn speaks of the row
/// as a whole. Values are named where both sides are given, secrets never.
[[nodiscard]] QMap<int, CellRemark> differenceNotes(const Mapping &mapping, const std::optional<Row> &row,
                                                    const RowComparison &comparison, const CachedRow &cached,
                                                    Instant now);

} // namespace throughline
