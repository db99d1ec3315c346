// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/sandboxpaths.h"

#include <QCryptographicHash>
#include <QDir>

#include <algorithm>
#include <sys/un.h>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr auto longestSocketName = "/.s.PGSQL.65535";
// One byte of sun_path is the terminating zero.
constexpr qsizetype longestSocketPath = sizeof(sockaddr_un::sun_path) - 1;

// A conninfo takes a comma for the next host, a URL takes '?', '@' and '%' for itself: a path with such characters
// is not worth quoting three ways.
bool isPlain(const QString &path)
{
    return std::all_of(path.cbegin(), path.cend(), [](QChar c) {
        const auto u = c.unicode();
        return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') || u == '/' || u == '.' ||
               u == '_' || u == '-';
    });
}

QString runDirFor(const QString &dataDir)
{
    const QString inside = dataDir + "/run"_L1;
    if (isPlain(inside) && inside.size() + qsizetype(qstrlen(longestSocketName)) <= longestSocketPath)
        return inside;
    const QByteArray hash = QCryptographicHash::hash(dataDir.toUtf8(), QCryptographicHash::Sha256).toHex().left(12);
    return "/tmp/throughline-"_L1 + QString::fromLatin1(hash);
}

QString absolute(const QString &path)
{
    return QDir::cleanPath(QDir::current().absoluteFilePath(path));
}

} // namespace

QString SandboxPaths::defaultDataDir(const QString &option, const QProcessEnvironment &env, bool root)
{
    if (!option.isEmpty())
        return absolute(option);
    if (const QString data = env.value(u"THROUGHLINE_DATA"_s); !data.isEmpty())
        return absolute(data);
    // The XDG specification has relative paths ignored.
    if (const QString xdg = env.value(u"XDG_DATA_HOME"_s); xdg.startsWith('/'_L1))
        return absolute(xdg + "/throughline"_L1);
    // /root is closed to the account that the servers run as.
    if (root)
        return u"/var/lib/throughline"_s;
    const QString home = env.value(u"HOME"_s, QDir::homePath());
    return absolute(home + "/.local/share/throughline"_L1);
}

SandboxPaths SandboxPaths::forDataDir(const QString &dataDir)
{
    SandboxPaths paths;
    paths.dataDir = absolute(dataDir);
    paths.postgresData = paths.dataDir + "/postgres"_L1;
    paths.redisData = paths.dataDir + "/redis"_L1;
    paths.runDir = runDirFor(paths.dataDir);
    paths.logDir = paths.dataDir + "/log"_L1;
    paths.lockFile = paths.dataDir + "/sandbox.lock"_L1;
    paths.stateFile = paths.dataDir + "/sandbox.json"_L1;
    // In the one directory with a plain name: Redis takes ? and * in it for a pattern, and starts without any
    // configuration when nothing matches.
    paths.redisConfig = paths.runDir + "/redis.conf"_L1;
    paths.redisPidFile = paths.runDir + "/redis.pid"_L1;
    return paths;
}

QString SandboxPaths::postgresSocket(quint16 port) const
{
    return runDir + "/.s.PGSQL."_L1 + QString::number(port);
}

QString SandboxPaths::redisSocket() const
{
    return runDir + "/redis.sock"_L1;
}

} // namespace throughline
