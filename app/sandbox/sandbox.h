// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/privateserver.h"
#include "sandbox/sandboxlock.h"
#include "sandbox/sandboxpaths.h"
#include "sandbox/sandboxstate.h"
#include "sandbox/serverlocator.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace throughline {

class PostgresServer;
class RedisServer;

struct SandboxOptions
{
    QString dataDir;
    bool tcp = false; ///< loopback ports as well, with passwords
    ServerSearchPath searchPath = ServerSearchPath::ofSystem();
    ServerTimes times;
    milliseconds ownerPoll{200};
    bool syncNewCluster = true;
    bool passClosedDirectories = true; ///< as root, where the data directory is below one like /root
};

/// The private servers of a data directory: starts them as supervised children, or uses those of another program
/// that started them first. Lives on the main thread and never blocks it; the exception is a destructor without
/// stop(), which waits some seconds for the servers to end.
class Sandbox final : public QObject
{
    Q_OBJECT

public:
    explicit Sandbox(SandboxOptions options, QObject *parent = nullptr);
    ~Sandbox() override;

    /// Asynchronous. Ends with started() or failed(). After ownerEnded(), failed() and stopped() it may be called
    /// again; after started() it starts what has died since, and answers in the same way when nothing has.
    void start();
    /// Asynchronous, also with clients left. Ends with stopped().
    void stop();

    /// False: another program's servers are used.
    [[nodiscard]] bool ownsServers() const { return m_postgres != nullptr; }
    /// Valid after started().
    [[nodiscard]] SandboxEndpoints endpoints() const { return m_endpoints; }
    [[nodiscard]] SandboxPaths paths() const { return m_paths; }
    /// 0 when they are not ours or do not run.
    [[nodiscard]] qint64 postgresPid() const;
    [[nodiscard]] qint64 redisPid() const;

Q_SIGNALS:
    void progress(const QString &step);
    void started();
    void failed(const throughline::StoreError &error);
    void stopped();
    /// The servers belonged to another program, which has ended (or has stopped them).
    void ownerEnded();
    /// An own server has ended unexpectedly; `sentence` is for people.
    void serverDied(const QString &sentence);

private:
    enum class Phase { Idle, WaitingForOwner, Starting, Running, UsingOthers, Stopping };

    void begin();
    void waitForOwner();
    void useOwnersServers(const SandboxState &state);
    void watchOwner();
    void own();
    [[nodiscard]] Result<void> createServers();
    void connectServer(PrivateServer *server);
    void startServers();
    void onReady();
    void onFailed(const StoreError &error);
    void onStopped();
    void stopServers();
    void giveUp(const StoreError &error);
    void release();
    [[nodiscard]] bool allStopped() const;

    SandboxOptions m_options;
    SandboxPaths m_paths;
    SandboxEndpoints m_endpoints;
    Phase m_phase = Phase::Idle;
    QByteArray m_instance; ///< ours, or that of the owner whose servers are used
    QTimer m_ownerTimer;
    StoreError m_failure;
    bool m_hasFailed = false;
    std::unique_ptr<SandboxLock> m_lock;
    std::unique_ptr<PostgresServer> m_postgres;
    std::unique_ptr<RedisServer> m_redis;
};

} // namespace throughline
