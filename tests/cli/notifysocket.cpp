// SPDX-License-Identifier: GPL-3.0-or-later
#include "notifysocket.h"

#include <QFile>

#include <array>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace throughline {

using namespace Qt::StringLiterals;

NotifySocket::NotifySocket()
    : m_directory(u"/tmp/throughline-test-XXXXXX"_s)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray name = QFile::encodeName(path());
    std::memcpy(address.sun_path, name.constData(), static_cast<size_t>(name.size()));
    m_descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (::bind(m_descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        qFatal("no socket for notifications");
}

NotifySocket::~NotifySocket()
{
    ::close(m_descriptor);
}

QString NotifySocket::path() const
{
    return m_directory.filePath(u"notify"_s);
}

QByteArrayList NotifySocket::take()
{
    QByteArrayList fresh;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t length = ::recv(m_descriptor, buffer.data(), buffer.size(), 0);
        if (length < 0)
            break;
        fresh << QByteArray(buffer.data(), length);
    }
    m_all += fresh;
    return fresh;
}

bool NotifySocket::has(const QByteArray &message)
{
    std::ignore = take();
    return m_all.contains(message);
}

} // namespace throughline
