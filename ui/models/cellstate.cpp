// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/cellstate.h"

namespace throughline {

CellState stateAfter(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Committed:
        return CellState::Saved;
    case Verdict::CommittedCachePending:
        return CellState::CachePending;
    case Verdict::Conflict:
        return CellState::Conflict;
    case Verdict::Unknown:
        return CellState::Unknown;
    case Verdict::Rejected:
    case Verdict::Unavailable:
    case Verdict::Cancelled:
        break;
    }
    return CellState::Failed;
}

} // namespace throughline
