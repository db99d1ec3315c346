// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/outcome.h"

namespace throughline {

/// What a cell, and through its most urgent cell a row, has to say; the most urgent first.
enum class CellState {
    Conflict,
    Failed,
    Unknown,
    Pending,
    CachePending,
    Differs,
    Missing,
    OtherSpelling,
    Saved,
    None,
};

/// What a write leaves behind in the cell.
[[nodiscard]] CellState stateAfter(Verdict verdict);

} // namespace throughline
