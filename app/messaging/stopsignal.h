// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/interrupt.h"

namespace throughline {

/// How a run is told to end, from any thread.
struct StopSignal
{
    Interrupt stop;     ///< finish what is in hand, and wait for no store that is away
    Interrupt breakOff; ///< and do not wait for an answer either
};

} // namespace throughline
