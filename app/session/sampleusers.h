// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/mapping.h"
#include "stores/postgres/pgconnection.h"

namespace throughline {

/// Adds `count` made-up users with fixed values by COPY: the same number gives the same users. Their names continue
/// after `first`. Needs the columns of the original users table.
[[nodiscard]] Result<void> copySampleUsers(PgConnection &connection, const Mapping &mapping, qint64 first, qint64 count,
                                           Instant deadline);

} // namespace throughline
