// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/result.h"

#include <QString>

struct redisContext;

namespace throughline::redistls {

/// hiredis has TLS as a library of its own, which Debian 12 does not ship.
[[nodiscard]] bool isSupported() noexcept;
[[nodiscard]] StoreError unsupported();

/// Secures a connection that is just made and not blocking: the certificate must be one the system trusts
/// (SSL_CERT_FILE and SSL_CERT_DIR are honoured) and be made out to `host`, a name or an address.
[[nodiscard]] Result<void> start(redisContext *context, const QString &host, Instant deadline,
                                 const Interrupt *interrupt);

} // namespace throughline::redistls
