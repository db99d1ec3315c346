// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/stalesocket.h"

#include <QCoreApplication>
#include <QFile>

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace throughline::cli {

namespace {

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(StaleSocket)
};

/// 0 when somebody listens there, else the reason why not. Connecting to a Unix socket does not wait.
int connectTo(const QByteArray &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.constData(), static_cast<size_t>(path.size()));
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return errno;
    const int failed =
        ::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0 ? 0 : errno;
    ::close(descriptor);
    return failed;
}

} // namespace

QString removeStaleSocket(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    struct stat found
    {
    };
    if (::lstat(name.constData(), &found) != 0)
        return {};
    if (!S_ISSOCK(found.st_mode))
        return Tr::tr("%1 is there already and is no socket. Choose another path.").arg(path);
    if (connectTo(name) != ECONNREFUSED)
        return Tr::tr("Another program listens at %1. Choose another path.").arg(path);
    if (::unlink(name.constData()) != 0)
        return Tr::tr("The socket %1, which an ended program has left, cannot be removed. Remove it.").arg(path);
    return {};
}

} // namespace throughline::cli
