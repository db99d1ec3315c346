// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stores/postgres/pgconnection.h"

#include <QString>

namespace throughline {

/// Where this account keeps what it has to remember about the connected database: below $XDG_STATE_HOME, by the
/// server's identifier and the database's. Empty when the role may not ask for them; then nothing is remembered.
[[nodiscard]] QString stateDirectoryOf(PgConnection &connection, Instant deadline);

} // namespace throughline
