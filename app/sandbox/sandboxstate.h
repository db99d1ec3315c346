// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/sandboxpaths.h"

#include <QByteArray>

#include <optional>

namespace throughline {

/// What the owner of the servers tells other programs once the servers are ready: one small JSON file that only the
/// owner's account can read, because it may hold the passwords of the loopback ports.
struct SandboxState
{
    QByteArray instance; ///< as in the lock
    qint64 pid = 0;
    SandboxEndpoints endpoints;

    [[nodiscard]] bool write(const QString &path) const;
    [[nodiscard]] static std::optional<SandboxState> read(const QString &path);
};

} // namespace throughline
