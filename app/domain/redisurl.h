// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace throughline {

struct RedisUrl
{
    enum class Transport { Tcp, Tls, Unix };
    Transport transport = Transport::Tcp;
    QString host;
    int port = 6379;
    QString socketPath;
    QString user;
    QString password;
    int database = 0;
};

} // namespace throughline
