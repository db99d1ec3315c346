// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/serverlocator.h"

#include "sandbox/sandboxerror.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int oldestPostgres = 15;

bool holdsPostgres(const QString &directory)
{
    return QFileInfo(directory + "/postgres"_L1).isExecutable() && QFileInfo(directory + "/initdb"_L1).isExecutable();
}

// `.../15/bin`: one of several versions side by side.
bool isVersioned(const QString &directory)
{
    bool isNumber = false;
    QFileInfo(directory + "/postgres"_L1).canonicalPath().section('/'_L1, -2, -2).toInt(&isNumber);
    return isNumber;
}

QString majorOf(const QString &postgresData)
{
    QFile file(postgresData + "/PG_VERSION"_L1);
    return file.open(QIODevice::ReadOnly) ? QString::fromLatin1(file.readAll().trimmed()) : QString();
}

Failure missing(const QString &message)
{
    return Failure(misconfigured(message));
}

} // namespace

ServerSearchPath ServerSearchPath::ofSystem()
{
    // A desktop session's PATH may lack the sbin directories.
    QStringList directories = qEnvironmentVariable("PATH").split(':'_L1, Qt::SkipEmptyParts);
    directories << u"/usr/local/bin"_s << u"/usr/bin"_s << u"/usr/local/sbin"_s << u"/usr/sbin"_s;
    return {u"/usr/lib/postgresql"_s, directories};
}

ServerLocator::ServerLocator(ServerSearchPath path)
    : m_path(std::move(path))
{
}

Result<ServerBinaries> ServerLocator::locate(const QString &postgresData) const
{
    const QString newest = newestPostgres();
    const QString redis = redisServer();
    QStringList packages;
    if (newest.isEmpty())
        packages << u"postgresql"_s;
    if (redis.isEmpty())
        packages << u"redis-server"_s;
    if (!packages.isEmpty())
        return missing(tr("The private servers cannot start, because PostgreSQL %1 or newer and a Redis server are "
                          "needed and not both are installed. Install what is missing with: apt-get install %2")
                           .arg(oldestPostgres)
                           .arg(packages.join(' '_L1)));
    const QString major = majorOf(postgresData);
    if (major.isEmpty())
        return ServerBinaries{newest, redis};
    return postgresFor(major, postgresData).map([&](const QString &directory) {
        return ServerBinaries{directory, redis};
    });
}

QString ServerLocator::newestPostgres() const
{
    int best = 0;
    const QStringList versions = QDir(m_path.postgresRoot).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &version : versions) {
        const int major = version.toInt();
        if (major > best && holdsPostgres(m_path.postgresRoot + '/'_L1 + version + "/bin"_L1))
            best = major;
    }
    if (best >= oldestPostgres)
        return m_path.postgresRoot + '/'_L1 + QString::number(best) + "/bin"_L1;
    return postgresOnPath();
}

QString ServerLocator::postgresOnPath() const
{
    for (const QString &directory : m_path.directories) {
        if (holdsPostgres(directory))
            return directory;
    }
    return {};
}

QString ServerLocator::redisServer() const
{
    for (const QString &name : {u"redis-server"_s, u"valkey-server"_s}) {
        if (const QString found = QStandardPaths::findExecutable(name, m_path.directories); !found.isEmpty())
            return found;
    }
    return {};
}

Result<QString> ServerLocator::postgresFor(const QString &major, const QString &postgresData) const
{
    const QString debian = m_path.postgresRoot + '/'_L1 + major + "/bin"_L1;
    if (holdsPostgres(debian))
        return debian;
    // Elsewhere there is one version only, and postgres itself says when it is not the cluster's.
    if (const QString directory = postgresOnPath(); !directory.isEmpty() && !isVersioned(directory))
        return directory;
    return missing(tr("The rows in %1 were written by PostgreSQL %2, which is not installed. Install it with: apt-get "
                      "install postgresql-%2 (or choose another data directory with --data).")
                       .arg(postgresData, major));
}

} // namespace throughline
