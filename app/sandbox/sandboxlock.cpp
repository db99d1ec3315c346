// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/sandboxlock.h"

#include "sandbox/sandboxerror.h"

#include <QFile>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace throughline {

namespace {

struct flock wholeFile(short type)
{
    struct flock lock
    {
    };
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

} // namespace

SandboxLock::SandboxLock(const QString &path)
    : m_path(path)
    , m_fd(open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600))
{
}

SandboxLock::~SandboxLock()
{
    if (m_fd >= 0)
        close(m_fd);
}

Result<bool> SandboxLock::tryAcquire(const QByteArray &instance)
{
    struct flock lock = wholeFile(F_WRLCK);
    if (m_fd >= 0 && fcntl(m_fd, F_OFD_SETLK, &lock) == 0) {
        const bool written =
            ftruncate(m_fd, 0) == 0 &&
            pwrite(m_fd, instance.constData(), static_cast<size_t>(instance.size()), 0) == instance.size();
        if (written)
            return true;
    } else if (m_fd >= 0 && (errno == EAGAIN || errno == EACCES)) {
        return false;
    }
    return Failure(misconfigured(tr("The lock file %1 cannot be used: %2. Choose another data directory with "
                                    "--data.")
                                     .arg(m_path, qt_error_string(errno))));
}

QByteArray SandboxLock::holder() const
{
    struct flock lock = wholeFile(F_WRLCK);
    if (fcntl(m_fd, F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK)
        return {};
    std::array<char, 64> text{};
    const ssize_t size = pread(m_fd, text.data(), text.size(), 0);
    return size > 0 ? QByteArray(text.data(), size) : QByteArray("?");
}

} // namespace throughline
