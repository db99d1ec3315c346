// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/console.h"
#include "domain/outcome.h"
#include "engine/writethrough.h"

namespace throughline::cli {

/// Settles the edits of unknown outcome that ended programs of this account left, and says what became of each.
void settleEarlierEdits(WriteThrough &engine, const Mapping &mapping, Console &console);

/// Waits for a while until the outcome of the edit is known; gives the answer back as it is when it never gets known.
[[nodiscard]] Outcome awaitSettled(WriteThrough &engine, Outcome answer, const Interrupt *interrupt);

} // namespace throughline::cli
