// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/sandboxdirectories.h"

#include "sandbox/sandboxerror.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QUuid>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

class OpenDirectory final
{
public:
    // Without following a link: a directory under /tmp may have been planted.
    explicit OpenDirectory(const QByteArray &path)
        : m_fd(open(path.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
    {
    }
    ~OpenDirectory()
    {
        if (m_fd >= 0)
            close(m_fd);
    }
    OpenDirectory(const OpenDirectory &) = delete;
    OpenDirectory &operator=(const OpenDirectory &) = delete;

    [[nodiscard]] int descriptor() const { return m_fd; }

private:
    int m_fd;
};

// What root made on an earlier step is handed over to the account.
bool belongsTo(int fd, const struct stat &info, uid_t uid, gid_t gid)
{
    if (info.st_uid == uid)
        return true;
    return geteuid() == 0 && info.st_uid == 0 && fchown(fd, uid, gid) == 0;
}

Failure refused(const QString &message)
{
    return Failure(misconfigured(message));
}

} // namespace

Result<void> SandboxDirectories::ensure(const QString &path, Owner owner, Mode mode)
{
    const QByteArray name = QFile::encodeName(path);
    if (mkdir(name.constData(), 0700) != 0 && errno != EEXIST)
        return refused(tr("The directory %1 cannot be made: %2. Choose another data directory with --data.")
                           .arg(path, qt_error_string(errno)));
    const OpenDirectory directory(name);
    struct stat info
    {
    };
    if (directory.descriptor() < 0 || fstat(directory.descriptor(), &info) != 0)
        return refused(tr("%1 cannot be used as a directory: %2. Move it away, or choose another data directory with "
                          "--data.")
                           .arg(path, qt_error_string(errno)));
    if (!belongsTo(directory.descriptor(), info, owner.uid, owner.gid))
        return refused(tr("The directory %1 belongs to another account. Move it away, or choose another data "
                          "directory with --data.")
                           .arg(path));
    const mode_t has = info.st_mode & 07777;
    const mode_t wanted = mode.exact ? mode.bits : (has | mode.bits);
    if (wanted != has && fchmod(directory.descriptor(), wanted) != 0)
        return refused(tr("The permissions of %1 cannot be set: %2. Choose another data directory with --data.")
                           .arg(path, qt_error_string(errno)));
    return {};
}

Result<QString> SandboxDirectories::prepareDataDir(const QString &dataDir)
{
    if (!QDir().mkpath(QFileInfo(dataDir).absolutePath()))
        return refused(tr("The directory %1 cannot be made. Choose another data directory with --data.").arg(dataDir));
    // A link that the caller made to a place of their own is followed; ensure() would refuse it.
    const QString target = QFileInfo(dataDir).isSymLink() ? QFileInfo(dataDir).canonicalFilePath() : dataDir;
    // As root the servers' account has to pass through.
    const mode_t bits = geteuid() == 0 ? 0711 : 0700;
    if (const auto made = ensure(target, {geteuid(), getegid()}, {bits, false}); !made)
        return Failure(made.error());
    return QFileInfo(target).canonicalFilePath();
}

Result<void> SandboxDirectories::prepare(const SandboxPaths &paths, const ServiceAccount &account)
{
    if (const QString closed = account.closedDirectoryAbove(paths.postgresData);
        !closed.isEmpty() && !account.passClosedDirectories)
        return refused(tr("The private servers run as the account %1, which may not enter %2. Choose a data directory "
                          "outside of it with --data, or allow it with: chmod o+x '%2'")
                           .arg(account.name, closed));
    if (const auto made = ensure(paths.logDir, {geteuid(), getegid()}, {0700, true}); !made)
        return made;
    for (const QString &path : {paths.redisData, paths.runDir}) {
        if (const auto made = ensure(path, {account.uid, account.gid}, {0700, true}); !made)
            return made;
    }
    return {};
}

Result<QString> SandboxDirectories::makeFresh(const QString &path, const ServiceAccount &account)
{
    const QFileInfo target(path);
    const QDir parent = target.dir();
    const QString prefix = target.fileName() + ".new-"_L1;
    const QStringList earlier = parent.entryList({prefix + '*'_L1}, QDir::Dirs);
    for (const QString &name : earlier)
        QDir(parent.filePath(name)).removeRecursively();
    const QString fresh = parent.filePath(prefix + QUuid::createUuid().toString(QUuid::Id128).left(8));
    return ensure(fresh, {account.uid, account.gid}, {0700, true}).map([&] { return fresh; });
}

} // namespace throughline
