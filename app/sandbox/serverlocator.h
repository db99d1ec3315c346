// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QCoreApplication>
#include <QString>
#include <QStringList>

namespace throughline {

/// Where server programs are looked for; a test gives places where there are none.
struct ServerSearchPath
{
    QString postgresRoot; ///< holds one directory per major version, as Debian lays it out
    QStringList directories;

    [[nodiscard]] static ServerSearchPath ofSystem();
};

struct ServerBinaries
{
    QString postgresDir; ///< holds postgres and initdb
    QString redisServer;
};

/// Finds postgres and redis-server or valkey-server, and says what to install when they are missing.
class ServerLocator final
{
    Q_DECLARE_TR_FUNCTIONS(throughline::ServerLocator)

public:
    explicit ServerLocator(ServerSearchPath path);

    /// A cluster that exists needs the binaries of its own major version.
    [[nodiscard]] Result<ServerBinaries> locate(const QString &postgresData) const;

private:
    [[nodiscard]] QString newestPostgres() const;
    [[nodiscard]] QString postgresOnPath() const;
    [[nodiscard]] QString redisServer() const;
    [[nodiscard]] Result<QString> postgresFor(const QString &major, const QString &postgresData) const;

    ServerSearchPath m_path;
};

} // namespace throughline
