// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/sandbox.h"

#include <QByteArrayList>
#include <QString>
#include <QTemporaryDir>

#include <memory>
#include <optional>
#include <vector>

namespace throughline {

/// Real servers for one test program, in a directory of their own under /tmp; works as root as well. Make one in
/// initTestCase() and destroy it in cleanupTestCase(); everything is removed at its end. Lives on the main thread; its
/// functions wait with QTest::qWaitFor() and so run the event loop.
class TestServers final
{
public:
    explicit TestServers(bool tcp = false);
    ~TestServers();
    TestServers(const TestServers &) = delete;
    TestServers &operator=(const TestServers &) = delete;

    /// QVERIFY2(servers.start(), qPrintable(servers.error()));
    [[nodiscard]] bool start();
    [[nodiscard]] QString error() const { return m_error; }

    /// Of the sandbox's own database.
    [[nodiscard]] QString conninfo() const;
    [[nodiscard]] QString redisUrl() const;
    [[nodiscard]] QString redisSocket() const;
    [[nodiscard]] SandboxEndpoints endpoints() const;
    [[nodiscard]] QString dataDir() const;

    /// Makes an empty database and returns its conninfo; empty when that failed (see error()).
    [[nodiscard]] QString freshDatabase();
    /// FLUSHALL and SCRIPT FLUSH.
    bool flushRedis();

    /// Runs statements over a connection of its own. False when one failed (see error()).
    bool execute(const QString &conninfo, const QString &sql);
    /// The first column of the first row; no value for NULL, no row or a failure.
    [[nodiscard]] std::optional<QByteArray> scalar(const QString &conninfo, const QString &sql);
    /// One command over a connection of its own; replies in the order received, nested ones flattened, nil as a null
    /// QByteArray, an error as its text.
    QByteArrayList redis(const QByteArrayList &command);

    /// Connections that a paused PostgreSQL has not accepted yet.
    [[nodiscard]] qsizetype waitingPostgresConnections() const;

    /// Stops all processes of PostgreSQL, backends included (SIGSTOP), and lets them go on.
    void pausePostgres();
    void resumePostgres();
    void pauseRedis();
    void resumeRedis();
    /// Ends the server as an administrator would, and waits until it is gone.
    bool stopPostgres();
    bool stopRedis();
    /// SIGKILL.
    bool killPostgres();
    bool killRedis();
    /// Starts again what has ended, and waits until it answers.
    bool startPostgres();
    bool startRedis();

private:
    bool startMissing();
    bool endPostgres(int signal);
    bool endRedis(int signal);

    QTemporaryDir m_directory;
    std::unique_ptr<Sandbox> m_sandbox;
    QString m_error;
    int m_databases = 0;
    std::vector<pid_t> m_paused;
};

} // namespace throughline
