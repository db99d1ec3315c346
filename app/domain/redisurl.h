// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QCoreApplication>
#include <QString>

namespace throughline {

/// Where a Redis server is and who logs in there. A plain value.
struct RedisUrl
{
    Q_DECLARE_TR_FUNCTIONS(throughline::RedisUrl)

public:
    enum class Transport { Tcp, Tls, Unix };
    Transport transport = Transport::Tcp;
    QString host;
    int port = 6379;
    QString socketPath;
    QString user;
    QString password;
    int database = 0;

    /// `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS, or
    /// `unix://[user:password@]/path[?db=database]`; everything may be percent-encoded. An error never repeats a part
    /// of the text: with a character that was not encoded any part may be one of the password.
    [[nodiscard]] static Result<RedisUrl> parse(const QString &text);

    friend bool operator==(const RedisUrl &, const RedisUrl &) = default;
};

} // namespace throughline
