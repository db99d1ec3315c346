// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/postgresserver.h"

#include "sandbox/sandboxdirectories.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <utility>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr quint16 socketPort = 5432;
constexpr auto role = "throughline"_L1;

QString setting(QLatin1StringView name, const QString &value)
{
    return name + '='_L1 + value;
}

QString quoted(const QString &path)
{
    QString escaped = path;
    escaped.replace('\\'_L1, "\\\\"_L1).replace('\''_L1, "\\'"_L1);
    return '\''_L1 + escaped + '\''_L1;
}

} // namespace

PostgresServer::PostgresServer(Options options, const ServiceAccount &account, ServerTimes times, QObject *parent)
    : PrivateServer(account, times, parent)
    , m_options(std::move(options))
    , m_initdb(account)
{
    connect(&m_initdb, &ChildProcess::ended, this, &PostgresServer::onInitdbEnded);
}

QString PostgresServer::conninfo() const
{
    return u"host=%1 port=%2 dbname=%3 user=%3"_s.arg(quoted(m_options.paths.runDir)).arg(port()).arg(role);
}

QString PostgresServer::tcpConninfo() const
{
    if (m_options.tcpPort == 0)
        return {};
    return u"host=127.0.0.1 port=%1 dbname=%2 user=%2 password=%3"_s.arg(m_options.tcpPort)
        .arg(role, QString::fromLatin1(m_options.password));
}

QString PostgresServer::name() const
{
    return u"PostgreSQL"_s;
}

Predecessor PostgresServer::predecessor() const
{
    const QString socket = m_options.paths.postgresSocket(port());
    return {m_options.paths.postgresData + "/postmaster.pid"_L1,
            m_options.paths.postgresData,
            {socket, socket + ".lock"_L1}};
}

// The cluster is made beside its place and moved there whole: one that was interrupted is never taken for a cluster.
void PostgresServer::prepare()
{
    if (QFileInfo::exists(m_options.paths.postgresData + "/PG_VERSION"_L1)) {
        prepared();
        return;
    }
    Q_EMIT progress(tr("Creating the PostgreSQL cluster"));
    m_interrupted = false;
    const auto made = SandboxDirectories::makeFresh(m_options.paths.postgresData, account());
    if (!made) {
        fail(made.error().message);
        return;
    }
    m_newCluster = *made;
    QFile::remove(initdbLog());
    QStringList arguments{u"-D"_s,
                          m_newCluster,
                          u"-U"_s,
                          role,
                          u"--auth-local=trust"_s,
                          u"--auth-host=scram-sha-256"_s,
                          u"-E"_s,
                          u"UTF8"_s,
                          u"--locale=C.UTF-8"_s,
                          u"--no-instructions"_s};
    if (!m_options.syncNewCluster)
        arguments << u"--no-sync"_s;
    m_initdb.start({m_options.binaries + "/initdb"_L1, arguments, initdbLog(), SIGTERM});
}

void PostgresServer::onInitdbEnded(const QString &reason)
{
    if (m_interrupted) {
        preparationEnded();
        return;
    }
    if (!reason.isEmpty()) {
        const QString said = complaint(initdbLog());
        fail(tr("its cluster cannot be made, because initdb said: %1").arg(said.isEmpty() ? reason : said));
        return;
    }
    if (!QDir().rename(m_newCluster, m_options.paths.postgresData)) {
        fail(tr("its new cluster cannot be moved to %1").arg(m_options.paths.postgresData));
        return;
    }
    prepared();
}

// The backends of a server that was killed notice it one after the other, hold its shared memory until then, and say
// their farewell in the same log.
bool PostgresServer::isPassing(const QString &complaint) const
{
    return complaint.contains("pre-existing shared memory block"_L1) ||
           complaint.contains("unexpected postmaster exit"_L1);
}

bool PostgresServer::interruptPreparation()
{
    m_interrupted = true;
    m_initdb.send(SIGTERM);
    return m_initdb.isRunning();
}

ChildCommand PostgresServer::command() const
{
    const SandboxPaths &paths = m_options.paths;
    const QStringList settings{
        setting("listen_addresses"_L1, m_options.tcpPort ? u"127.0.0.1"_s : QString()),
        setting("port"_L1, QString::number(port())),
        setting("unix_socket_directories"_L1, paths.runDir),
        setting("unix_socket_permissions"_L1, u"0700"_s),
        setting("max_connections"_L1, u"240"_s),
        setting("shared_buffers"_L1, u"32MB"_s),
        setting("fsync"_L1, u"on"_s),
        setting("full_page_writes"_L1, u"on"_s),
        setting("synchronous_commit"_L1, u"on"_s),
        setting("cluster_name"_L1, u"throughline"_s),
        // Statements and the details of errors hold row values; the log is for the server's own troubles.
        setting("log_min_messages"_L1, u"log"_s),
        setting("log_min_error_statement"_L1, u"panic"_s),
        setting("log_error_verbosity"_L1, u"terse"_s),
    };
    QStringList arguments{u"-D"_s, paths.postgresData};
    for (const QString &each : settings)
        arguments << u"-c"_s << each;
    // SIGINT is PostgreSQL's fast shutdown: clients are disconnected.
    return {m_options.binaries + "/postgres"_L1, arguments, paths.logDir + "/postgres.log"_L1, SIGINT};
}

PrivateServer::Probe PostgresServer::probe()
{
    if (!m_setup) {
        const QString target =
            u"host=%1 port=%2 dbname=postgres user=%3 sslmode=disable"_s.arg(quoted(m_options.paths.runDir))
                .arg(port())
                .arg(role);
        const QByteArray name(role.data(), role.size());
        m_setup.emplace(target.toUtf8(), name, name, m_options.password);
    }
    switch (m_setup->advance()) {
    case PostgresSetup::State::Done:
        return Probe::Ready;
    case PostgresSetup::State::Failed:
        m_error = m_setup->error();
        return Probe::Failed;
    case PostgresSetup::State::Waiting:
        break;
    }
    return Probe::Waiting;
}

QString PostgresServer::initdbLog() const
{
    return m_options.paths.logDir + "/initdb.log"_L1;
}

quint16 PostgresServer::port() const
{
    return m_options.tcpPort ? m_options.tcpPort : socketPort;
}

} // namespace throughline

#include "moc_postgresserver.cpp"
