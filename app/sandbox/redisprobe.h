// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

struct redisContext;

namespace throughline {

/// Asks a Redis server that is just starting whether it answers yet. Never waits; look() is called from a timer on
/// the main thread.
class RedisProbe final
{
public:
    RedisProbe(QByteArray socket, QByteArray password);
    ~RedisProbe();
    RedisProbe(const RedisProbe &) = delete;
    RedisProbe &operator=(const RedisProbe &) = delete;

    /// True when the server has answered PING.
    [[nodiscard]] bool look();

private:
    [[nodiscard]] bool connectAndSend();
    [[nodiscard]] bool readReplies();
    void disconnect();

    QByteArray m_socket;
    QByteArray m_password;
    redisContext *m_context = nullptr;
};

} // namespace throughline
