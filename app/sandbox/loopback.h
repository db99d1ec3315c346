// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace throughline {

/// Ports on 127.0.0.1 that are free now, and passwords for them: every account of the machine can reach a loopback
/// port. A plain value.
struct LoopbackPorts
{
    quint16 postgres = 0;
    quint16 redis = 0;
    QByteArray postgresPassword;
    QByteArray redisPassword;

    [[nodiscard]] static LoopbackPorts choose();
};

} // namespace throughline
