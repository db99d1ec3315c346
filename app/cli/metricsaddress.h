// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace throughline::cli {

/// Where the metrics are served: a Unix socket, or a port of this machine's loopback. A plain value.
struct MetricsAddress
{
    QString socketPath; ///< empty: a port
    quint16 port = 0;   ///< 0: any that is free

    /// `unix:/path`, `127.0.0.1:PORT` or `PORT`; nothing else, because the metrics ask nobody who he is.
    [[nodiscard]] static std::optional<MetricsAddress> parse(const QString &text);

    friend bool operator==(const MetricsAddress &, const MetricsAddress &) = default;
};

} // namespace throughline::cli
