// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QString>
#include <QTemporaryDir>

namespace throughline {

/// What systemd's end of a service's notifications is: a socket that datagrams arrive at.
class NotifySocket final
{
public:
    NotifySocket();
    ~NotifySocket();
    NotifySocket(const NotifySocket &) = delete;
    NotifySocket &operator=(const NotifySocket &) = delete;

    /// For NOTIFY_SOCKET.
    [[nodiscard]] QString path() const;
    /// Whatever has arrived since the last call.
    [[nodiscard]] QByteArrayList take();
    /// Whether the message has arrived by now, ever.
    [[nodiscard]] bool has(const QByteArray &message);

private:
    QTemporaryDir m_directory;
    int m_descriptor = -1;
    QByteArrayList m_all;
};

} // namespace throughline
