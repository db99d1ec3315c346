// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcessEnvironment>
#include <QString>

namespace throughline {

/// Where a sandbox keeps its things. A plain value; nothing is created by it.
struct SandboxPaths
{
    QString dataDir;
    QString postgresData;
    QString redisData;
    QString runDir; ///< the sockets
    QString logDir;
    QString lockFile;
    QString stateFile; ///< the endpoints, written when the servers are ready
    QString redisConfig;
    QString redisPidFile;

    /// `option` is what --data gave, or empty.
    [[nodiscard]] static QString defaultDataDir(const QString &option, const QProcessEnvironment &env, bool root);
    [[nodiscard]] static SandboxPaths forDataDir(const QString &dataDir);

    [[nodiscard]] QString postgresSocket(quint16 port) const;
    [[nodiscard]] QString redisSocket() const;
};

/// What a program needs to connect. The TCP pair is empty unless loopback ports were asked for.
struct SandboxEndpoints
{
    QString conninfo;
    QString redisUrl;
    QString tcpConninfo;
    QString tcpRedisUrl;
};

} // namespace throughline
