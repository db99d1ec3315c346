// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clients.h"
#include "recorder.h"
#include "testservers.h"

#include "base/clock.h"

#include <deque>
#include <memory>
#include <optional>

namespace throughline::faults {

/// The real servers with the prepared table, and the ways in which Redis loses its memory. Every end of Redis is
/// marked in the history before it happens. Lives on the main thread and runs its event loop while it waits.
class FaultServers final
{
public:
    explicit FaultServers(const Recorder &recorder);

    /// Servers, database, table, rows and audit; `mutant` leaves out the trigger zzz_wt_update.
    [[nodiscard]] bool start(bool mutant);
    [[nodiscard]] const QString &error() const noexcept { return m_error; }

    [[nodiscard]] QString conninfo() const { return m_conninfo; }
    [[nodiscard]] QString redisUrl() const { return m_servers.redisUrl(); }
    [[nodiscard]] QByteArray redisSocket() const { return m_servers.redisSocket().toUtf8(); }
    [[nodiscard]] QByteArray postgresSocket() const;
    [[nodiscard]] SqlClient &sql() noexcept { return *m_sql; }
    [[nodiscard]] RedisClient &redis() noexcept { return *m_redis; }
    [[nodiscard]] TestServers &servers() noexcept { return m_servers; }

    /// Notes how far the append-only file goes now: to be called often.
    void sampleLog();
    /// Ends Redis and starts it without anything.
    [[nodiscard]] bool restartEmpty();
    /// Ends Redis and starts it without what was written in the last `lost` before.
    [[nodiscard]] bool restartWithLoss(milliseconds lost);
    /// The same without what was written after the file had this size.
    [[nodiscard]] bool restartCutAt(qint64 size);
    [[nodiscard]] qint64 logSize() const;
    /// Keeps a copy of what Redis has on disk, for restartFromDump().
    void keepDump();
    [[nodiscard]] bool restartFromDump();
    /// Ends both servers as a power failure of the program's machine would not: with SIGKILL; and starts them.
    [[nodiscard]] bool restartBoth();
    [[nodiscard]] bool restartPostgres();

    /// Marks the history when somebody has recovered the cache after the last restart.
    void lookForRecovery();
    [[nodiscard]] bool isRecovered();

private:
    [[nodiscard]] bool prepare(bool mutant);
    [[nodiscard]] bool endRedis();
    [[nodiscard]] bool beginRedis();
    [[nodiscard]] bool copyFiles(const QString &from, const QString &to) const;
    [[nodiscard]] QString redisFiles() const;
    [[nodiscard]] QString logFile() const;

    struct Sample
    {
        Instant at;
        qint64 size = 0;
    };

    const Recorder &m_recorder;
    TestServers m_servers;
    QTemporaryDir m_dumps;
    QString m_conninfo;
    QString m_error;
    std::unique_ptr<SqlClient> m_sql;
    std::unique_ptr<RedisClient> m_redis;
    std::deque<Sample> m_samples;
    bool m_outage = false;
};

} // namespace throughline::faults
