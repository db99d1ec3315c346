// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/exitcodes.h"

namespace throughline::cli::exitcode {

int of(const StoreError &error)
{
    if (error.unavailable())
        return unavailable;
    return error.kind == ErrorKind::Misconfigured ? usage : failed;
}

int of(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Committed:
        return done;
    case Verdict::Conflict:
        return conflict;
    case Verdict::Unavailable:
        return unavailable;
    case Verdict::CommittedCachePending:
    case Verdict::Unknown:
        return unsettled;
    case Verdict::Rejected:
    case Verdict::Cancelled:
        break;
    }
    return failed;
}

} // namespace throughline::cli::exitcode
