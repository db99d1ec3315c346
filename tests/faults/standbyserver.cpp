// SPDX-License-Identifier: GPL-3.0-or-later
#include "standbyserver.h"

#include "fleet.h"

#include "sandbox/sandboxdirectories.h"
#include "sandbox/sandboxpaths.h"
#include "sandbox/serverlocator.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <csignal>
#include <optional>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds patience{60'000};

QString primaryDirectory(FaultServers &primary)
{
    return QFileInfo(QString::fromUtf8(primary.postgresSocket())).path();
}

} // namespace

StandbyServer::StandbyServer(FaultServers &primary)
    : m_primary(primary)
{
}

StandbyServer::~StandbyServer()
{
    if (m_server)
        m_server->send(SIGQUIT);
}

QString StandbyServer::socketDirectory(FaultServers &primary)
{
    return primary.servers().dataDir() + "/standby"_L1;
}

bool StandbyServer::fail(const QString &why)
{
    m_error = u"the standby: "_s + why;
    return false;
}

bool StandbyServer::start()
{
    const QString primaryData = SandboxPaths::forDataDir(m_primary.servers().dataDir()).postgresData;
    const auto account = ServiceAccount::forCluster(primaryData);
    const auto binaries = ServerLocator(ServerSearchPath::ofSystem()).locate(primaryData);
    if (!account || !binaries)
        return fail(u"account or programs are not found"_s);
    const auto data = SandboxDirectories::makeFresh(m_primary.servers().dataDir() + "/standbydata"_L1, *account);
    const auto sockets = SandboxDirectories::makeFresh(socketDirectory(m_primary), *account);
    if (!data || !sockets || !QDir().rename(*sockets, socketDirectory(m_primary)))
        return fail(u"its directories cannot be made"_s);
    m_data = *data;
    return copyPrimary(*account, binaries->postgresDir) && run(*account, binaries->postgresDir);
}

bool StandbyServer::copyPrimary(const ServiceAccount &account, const QString &binaries)
{
    ChildProcess copier(account);
    std::optional<QString> ended;
    QObject::connect(&copier, &ChildProcess::ended, &copier, [&](const QString &reason) { ended = reason; });
    copier.start({binaries + "/pg_basebackup"_L1,
                  {u"-h"_s, primaryDirectory(m_primary), u"-p"_s, u"5432"_s, u"-U"_s, u"throughline"_s, u"-D"_s, m_data,
                   u"-R"_s, u"-X"_s, u"stream"_s, u"-c"_s, u"fast"_s, u"--no-sync"_s},
                  m_primary.servers().dataDir() + "/log/basebackup.log"_L1,
                  SIGTERM});
    if (!waitUntil(patience, [&] { return ended.has_value(); }))
        return fail(u"pg_basebackup does not end"_s);
    return ended->isEmpty() || fail(u"pg_basebackup says "_s + *ended);
}

bool StandbyServer::run(const ServiceAccount &account, const QString &binaries)
{
    m_server = std::make_unique<ChildProcess>(account);
    m_server->start({binaries + "/postgres"_L1,
                     {u"-D"_s, m_data, u"-c"_s, u"listen_addresses="_s, u"-c"_s, u"port=5432"_s, u"-c"_s,
                      u"unix_socket_directories="_s + socketDirectory(m_primary), u"-c"_s, u"max_connections=240"_s,
                      u"-c"_s, u"shared_buffers=32MB"_s},
                     m_primary.servers().dataDir() + "/log/standby.log"_L1,
                     SIGINT});
    SqlClient &sql = m_primary.sql();
    // Not before the copy: a standby that waited for a standby of its own would never answer.
    if (!sql.run("ALTER SYSTEM SET synchronous_standby_names='*'") || !sql.run("SELECT pg_reload_conf()"))
        return fail(QString::fromUtf8(sql.error()));
    const auto isSynchronous = [&] {
        const auto rows = sql.run("SELECT count(*) FROM pg_stat_replication WHERE sync_state='sync'");
        return rows && rows->front().front() == "1";
    };
    return waitUntil(patience, isSynchronous) || fail(u"it does not follow the primary"_s);
}

bool StandbyServer::takeOver()
{
    m_primary.sql().redirect(m_primary.conninfo().toUtf8() + " host=" + socketDirectory(m_primary).toUtf8());
    if (!m_primary.servers().killPostgres())
        return fail(u"the primary cannot be killed"_s);
    const auto promoted = m_primary.sql().run("SELECT pg_promote(true, 60)");
    return (promoted && promoted->front().front() == "t") || fail(u"it cannot be promoted"_s);
}

} // namespace throughline::faults
