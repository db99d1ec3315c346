// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"

#include <QByteArray>

namespace throughline::rediserror {

/// An error reply: the server answered and refused.
[[nodiscard]] StoreError fromReply(const QByteArray &text);
/// A connection that could not be made.
[[nodiscard]] StoreError fromConnect(const QString &address, const QString &reason);
/// A connection that broke or did not answer while a command ran.
[[nodiscard]] StoreError lost(ErrorKind kind, bool sent);
/// A reply of a shape that we did not expect.
[[nodiscard]] StoreError unexpected();

} // namespace throughline::rediserror
