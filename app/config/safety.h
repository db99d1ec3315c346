// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/redisurl.h"
#include "domain/safety.h"

#include <QProcessEnvironment>
#include <QString>

#include <optional>

namespace throughline {

/// What the pair of stores is taken for: what was configured, else production unless both are on this machine.
/// `variables` are libpq's own (PGHOST and the like), which fill in what the conninfo leaves out.
[[nodiscard]] Environment
environmentFor(const QString &conninfo, const RedisUrl &redis, std::optional<Environment> configured,
               const QProcessEnvironment &variables = QProcessEnvironment::systemEnvironment());

/// Whether libpq can take the conninfo apart. The error does not repeat it: it may hold a password.
[[nodiscard]] Result<void> checkConninfo(const QString &conninfo);
[[nodiscard]] bool holdsPassword(const QString &conninfo);
[[nodiscard]] bool redisUrlHoldsPassword(const QString &url);

} // namespace throughline
