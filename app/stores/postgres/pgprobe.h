// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/result.h"

#include <QString>

namespace throughline {

/// Logs in and out again. The driver's own connect blocks without a way to end it, so a server that takes connections
/// and says nothing (stopped, or a half-dead network) is found out here, where the interrupt (may be null) ends the
/// wait. With several hosts a silent one is no failure: libpq goes on to the next only in the driver's connect.
[[nodiscard]] Result<void> probePostgres(const QString &conninfo, milliseconds connectTimeout,
                                         const Interrupt *interrupt);

} // namespace throughline
