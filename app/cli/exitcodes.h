// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"
#include "domain/outcome.h"

namespace throughline::cli::exitcode {

// What scripts rely on; README lists them.
inline constexpr int done = 0;
inline constexpr int failed = 1;  ///< also: invalid value, duplicate, refused
inline constexpr int usage = 2;   ///< malformed command line or configuration
inline constexpr int differs = 3; ///< the stores differ
inline constexpr int conflict = 4;
inline constexpr int unavailable = 5;
inline constexpr int unsettled = 6;    ///< committed but cache pending, or outcome unknown
inline constexpr int signalBase = 128; ///< ended by signal n: 128 + n

/// For everything but edits, whose verdict decides: a read that was lost leaves nothing unsettled.
[[nodiscard]] int of(const StoreError &error);
[[nodiscard]] int of(Verdict verdict);

} // namespace throughline::cli::exitcode
