// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/outcome.h"

namespace throughline {

Outcome Outcome::cancelled(const Edit &edit)
{
    Outcome outcome;
    outcome.op = edit.op;
    outcome.kind = edit.kind;
    outcome.key = edit.key;
    outcome.origin = edit.origin;
    outcome.verdict = Verdict::Cancelled;
    outcome.timings.queued = Clock::now() - edit.submitted;
    return outcome;
}

} // namespace throughline
