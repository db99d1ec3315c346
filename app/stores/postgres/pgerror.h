// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"

struct pg_result;

namespace throughline {

/// The only place that reads SQLSTATEs and libpq's messages.
namespace pgerror {

/// A failed result: the server answered and refused.
[[nodiscard]] StoreError fromResult(const pg_result *result);
/// The five-character SQLSTATE alone.
[[nodiscard]] ErrorKind kindOf(const QByteArray &sqlState);
/// A connection that could not be made; `message` is libpq's.
[[nodiscard]] StoreError fromConnect(const QString &message);
/// A conninfo that libpq cannot read.
[[nodiscard]] StoreError fromConninfo(const QString &message);
/// A connection that broke or did not answer while a statement ran.
[[nodiscard]] StoreError lost(ErrorKind kind, bool sent);

} // namespace pgerror

} // namespace throughline
