// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/sandbox.h"

#include "base/logging.h"
#include "sandbox/loopback.h"
#include "sandbox/postgresserver.h"
#include "sandbox/redisserver.h"
#include "sandbox/sandboxdirectories.h"
#include "sandbox/sandboxerror.h"

#include <QCoreApplication>
#include <QFile>
#include <QUuid>

#include <cerrno>
#include <csignal>
#include <utility>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

bool isAlive(qint64 pid)
{
    return pid > 1 && (kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

} // namespace

Sandbox::Sandbox(SandboxOptions options, QObject *parent)
    : QObject(parent)
    , m_options(std::move(options))
    , m_paths(SandboxPaths::forDataDir(m_options.dataDir))
{
    m_ownerTimer.setInterval(m_options.ownerPoll);
    connect(&m_ownerTimer, &QTimer::timeout, this, &Sandbox::watchOwner);
}

Sandbox::~Sandbox()
{
    // Both are asked first, so that they end side by side.
    if (m_postgres)
        m_postgres->stop();
    if (m_redis)
        m_redis->stop();
    if (ownsServers())
        QFile::remove(m_paths.stateFile);
}

void Sandbox::start()
{
    // Every answer arrives after start() has returned.
    if (m_phase == Phase::Running) {
        m_phase = Phase::Starting;
        startServers();
        QMetaObject::invokeMethod(this, &Sandbox::onReady, Qt::QueuedConnection);
    } else if (m_phase == Phase::UsingOthers) {
        QMetaObject::invokeMethod(this, &Sandbox::started, Qt::QueuedConnection);
    } else if (m_phase == Phase::Idle) {
        m_phase = Phase::Starting;
        m_hasFailed = false;
        QMetaObject::invokeMethod(this, &Sandbox::begin, Qt::QueuedConnection);
    }
}

void Sandbox::stop()
{
    if (m_phase == Phase::Stopping)
        return;
    m_ownerTimer.stop();
    const bool running = ownsServers();
    m_phase = Phase::Stopping;
    if (running)
        stopServers();
    else
        QMetaObject::invokeMethod(this, &Sandbox::onStopped, Qt::QueuedConnection);
}

qint64 Sandbox::postgresPid() const
{
    return m_postgres ? m_postgres->processId() : 0;
}

qint64 Sandbox::redisPid() const
{
    return m_redis ? m_redis->processId() : 0;
}

void Sandbox::begin()
{
    if (m_phase != Phase::Starting && m_phase != Phase::WaitingForOwner)
        return;
    const auto dataDir = SandboxDirectories::prepareDataDir(m_options.dataDir);
    if (!dataDir) {
        giveUp(dataDir.error());
        return;
    }
    m_paths = SandboxPaths::forDataDir(*dataDir);
    m_lock = std::make_unique<SandboxLock>(m_paths.lockFile);
    m_instance = QUuid::createUuid().toByteArray(QUuid::Id128);
    const auto acquired = m_lock->tryAcquire(m_instance);
    if (!acquired)
        giveUp(acquired.error());
    else if (*acquired)
        own();
    else
        waitForOwner();
}

void Sandbox::waitForOwner()
{
    m_phase = Phase::WaitingForOwner;
    Q_EMIT progress(tr("Waiting for the servers that another program is starting"));
    m_ownerTimer.setInterval(m_options.times.poll);
    m_ownerTimer.start();
    watchOwner();
}

void Sandbox::watchOwner()
{
    const QByteArray holder = m_lock->holder();
    if (m_phase == Phase::UsingOthers) {
        if (holder == m_instance)
            return;
        m_phase = Phase::Idle;
        release();
        Q_EMIT ownerEnded();
        return;
    }
    if (holder.isEmpty()) {
        // It ended before its servers were ready: our turn.
        m_ownerTimer.stop();
        begin();
        return;
    }
    // What a killed owner left behind is not believed.
    if (const auto state = SandboxState::read(m_paths.stateFile);
        state && state->instance == holder && isAlive(state->pid))
        useOwnersServers(*state);
}

void Sandbox::useOwnersServers(const SandboxState &state)
{
    m_instance = state.instance;
    m_endpoints = state.endpoints;
    m_phase = Phase::UsingOthers;
    m_ownerTimer.start(m_options.ownerPoll);
    qCInfo(lcSandbox) << "using the servers of process" << state.pid;
    Q_EMIT started();
}

void Sandbox::own()
{
    m_phase = Phase::Starting;
    QFile::remove(m_paths.stateFile);
    if (const auto created = createServers(); !created) {
        giveUp(created.error());
        return;
    }
    Q_EMIT progress(tr("Starting the private servers"));
    startServers();
}

Result<void> Sandbox::createServers()
{
    auto account = ServiceAccount::forCluster(m_paths.postgresData);
    if (!account)
        return Failure(account.error());
    // Only root can connect to servers there, so that the right serves nobody else.
    account->passClosedDirectories = m_options.passClosedDirectories && ServiceAccount::canPassClosedDirectories() &&
                                     !account->closedDirectoryAbove(m_paths.postgresData).isEmpty();
    const auto binaries = ServerLocator(m_options.searchPath).locate(m_paths.postgresData);
    if (!binaries)
        return Failure(binaries.error());
    if (const auto made = SandboxDirectories::prepare(m_paths, *account); !made)
        return Failure(made.error());
    const LoopbackPorts ports = m_options.tcp ? LoopbackPorts::choose() : LoopbackPorts{};
    const PostgresServer::Options postgres{m_paths, binaries->postgresDir, ports.postgres, ports.postgresPassword,
                                           m_options.syncNewCluster};
    const RedisServer::Options redis{m_paths, binaries->redisServer, ports.redis, ports.redisPassword};
    m_postgres = std::make_unique<PostgresServer>(postgres, *account, m_options.times, nullptr);
    m_redis = std::make_unique<RedisServer>(redis, *account, m_options.times, nullptr);
    connectServer(m_postgres.get());
    connectServer(m_redis.get());
    return {};
}

void Sandbox::connectServer(PrivateServer *server)
{
    connect(server, &PrivateServer::progress, this, &Sandbox::progress);
    connect(server, &PrivateServer::ready, this, &Sandbox::onReady);
    connect(server, &PrivateServer::failed, this, &Sandbox::onFailed);
    connect(server, &PrivateServer::stopped, this, &Sandbox::onStopped);
    connect(server, &PrivateServer::died, this, &Sandbox::serverDied);
}

// Side by side: Redis is up long before PostgreSQL.
void Sandbox::startServers()
{
    m_redis->start();
    m_postgres->start();
}

void Sandbox::onReady()
{
    if (m_phase != Phase::Starting || !m_postgres->isReady() || !m_redis->isReady())
        return;
    m_endpoints = {m_postgres->conninfo(), m_redis->url(), m_postgres->tcpConninfo(), m_redis->tcpUrl()};
    const SandboxState state{m_instance, QCoreApplication::applicationPid(), m_endpoints};
    if (!state.write(m_paths.stateFile)) {
        onFailed(misconfigured(tr("The file %1 cannot be written. Make room on the disk, or choose another data "
                                  "directory with --data.")
                                   .arg(m_paths.stateFile)));
        return;
    }
    m_phase = Phase::Running;
    Q_EMIT started();
}

void Sandbox::onFailed(const StoreError &error)
{
    if (m_phase == Phase::Stopping)
        return;
    m_failure = error;
    m_hasFailed = true;
    m_phase = Phase::Stopping;
    stopServers();
}

void Sandbox::stopServers()
{
    QFile::remove(m_paths.stateFile);
    m_postgres->stop();
    m_redis->stop();
}

void Sandbox::onStopped()
{
    if (m_phase != Phase::Stopping || !allStopped())
        return;
    m_phase = Phase::Idle;
    // Not while one of the servers is still in its own signal.
    QMetaObject::invokeMethod(
        this,
        [this] {
            release();
            if (std::exchange(m_hasFailed, false))
                Q_EMIT failed(m_failure);
            else
                Q_EMIT stopped();
        },
        Qt::QueuedConnection);
}

void Sandbox::giveUp(const StoreError &error)
{
    m_phase = Phase::Idle;
    release();
    Q_EMIT failed(error);
}

void Sandbox::release()
{
    m_ownerTimer.stop();
    m_postgres.reset();
    m_redis.reset();
    m_lock.reset();
}

bool Sandbox::allStopped() const
{
    return !ownsServers() || (m_postgres->isStopped() && m_redis->isStopped());
}

} // namespace throughline

#include "moc_sandbox.cpp"
