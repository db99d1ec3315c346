// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/loopback.h"

#include <QRandomGenerator>

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace throughline {

namespace {

/// A port that the kernel has handed out and that stays ours until the object goes.
class ReservedPort final
{
public:
    ReservedPort()
        : m_fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto *plain = reinterpret_cast<sockaddr *>(&address);
        if (bind(m_fd, plain, size) == 0 && getsockname(m_fd, plain, &size) == 0)
            m_number = ntohs(address.sin_port);
    }
    ~ReservedPort() { close(m_fd); }
    ReservedPort(const ReservedPort &) = delete;
    ReservedPort &operator=(const ReservedPort &) = delete;

    [[nodiscard]] quint16 number() const { return m_number; }

private:
    int m_fd;
    quint16 m_number = 0;
};

QByteArray newPassword()
{
    std::array<quint32, 6> random{};
    QRandomGenerator::system()->fillRange(random.data(), random.size());
    return QByteArray(reinterpret_cast<const char *>(random.data()), sizeof random).toHex();
}

} // namespace

LoopbackPorts LoopbackPorts::choose()
{
    // Both are held at once, so that they differ.
    const ReservedPort postgres;
    const ReservedPort redis;
    return {postgres.number(), redis.number(), newPassword(), newPassword()};
}

} // namespace throughline
