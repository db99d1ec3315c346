// SPDX-License-Identifier: GPL-3.0-or-later
#include "faultservers.h"

#include "faultsettings.h"
#include "usersfixture.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

constexpr auto longestSample = std::chrono::seconds(3);

QString moreRows(int first, int last)
{
    return uR"(INSERT INTO users(id, username, email, password_hash, first_name, last_name, score)
 SELECT n, 'user' || n, 'user' || n || '@example.org', 'x', 'First' || n, 'Last' || n, 0 FROM generate_series(%1, %2) n;)"_s
        .arg(first)
        .arg(last);
}

QString resource(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

FaultServers::FaultServers(const Recorder &recorder)
    : m_recorder(recorder)
{
}

bool FaultServers::start(bool mutant)
{
    if (!m_servers.start()) {
        m_error = m_servers.error();
        return false;
    }
    return prepare(mutant) && beginRedis();
}

bool FaultServers::prepare(bool mutant)
{
    const UsersFixture users = UsersFixture::make(m_servers, keys::hotLast);
    m_error = users.error;
    if (!m_error.isEmpty())
        return false;
    m_conninfo = users.settings.conninfo;
    m_sql = std::make_unique<SqlClient>(m_conninfo.toUtf8());
    m_redis = std::make_unique<RedisClient>(redisSocket());
    QString sql = moreRows(keys::churnFirst, keys::churnLast) + moreRows(keys::batchFirst, keys::batchLast) +
                  moreRows(keys::bulkFirst, keys::bulkLast) + resource(u":/faults/audit.sql"_s);
    // What the fixture has written belongs to nobody.
    sql += u"DELETE FROM wt_outbox;"_s;
    // Before a staged write gives up waiting for a lock, which is after half a second.
    sql += u"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout=100', current_database()); END $$;"_s;
    if (mutant)
        sql += u"DROP TRIGGER zzz_wt_update ON users;"_s;
    if (!m_servers.execute(m_conninfo, sql))
        m_error = m_servers.error();
    return m_error.isEmpty();
}

QByteArray FaultServers::postgresSocket() const
{
    return QFileInfo(m_servers.redisSocket()).path().toUtf8() + "/.s.PGSQL.5432";
}

QString FaultServers::redisFiles() const
{
    return m_servers.dataDir() + "/redis/appendonlydir"_L1;
}

QString FaultServers::logFile() const
{
    const QStringList files = QDir(redisFiles()).entryList({u"*.incr.aof"_s}, QDir::Files, QDir::Time);
    return files.isEmpty() ? QString() : redisFiles() + u'/' + files.front();
}

qint64 FaultServers::logSize() const
{
    return QFileInfo(logFile()).size();
}

void FaultServers::sampleLog()
{
    const Instant now = Clock::now();
    m_samples.push_back({now, logSize()});
    while (m_samples.front().at < now - longestSample)
        m_samples.pop_front();
}

bool FaultServers::endRedis()
{
    m_recorder.mark(EventKind::Restart);
    m_outage = true;
    m_redis->close();
    return m_servers.killRedis();
}

bool FaultServers::beginRedis()
{
    m_samples.clear();
    // One file until the end: it is cut where it was some time ago.
    return m_servers.startRedis() && m_redis->run({"CONFIG", "SET", "auto-aof-rewrite-percentage", "0"}) &&
           m_redis->run({"CONFIG", "SET", "aof-timestamp-enabled", "yes"});
}

bool FaultServers::restartEmpty()
{
    return endRedis() && QDir(redisFiles()).removeRecursively() && beginRedis();
}

bool FaultServers::restartWithLoss(milliseconds lost)
{
    const Instant from = Clock::now() - lost;
    qint64 size = m_samples.empty() ? logSize() : m_samples.front().size;
    for (const Sample &sample : m_samples) {
        if (sample.at <= from)
            size = sample.size;
    }
    return restartCutAt(size);
}

bool FaultServers::restartCutAt(qint64 size)
{
    // Half a command at its end is what a power failure leaves too; Redis drops it.
    return endRedis() && QFile::resize(logFile(), size) && beginRedis();
}

bool FaultServers::copyFiles(const QString &from, const QString &to) const
{
    QDir(to).removeRecursively();
    return QProcess::execute(u"cp"_s, {u"-a"_s, from, to}) == 0; // with their owner
}

void FaultServers::keepDump()
{
    std::ignore = copyFiles(redisFiles(), m_dumps.filePath(u"appendonlydir"_s));
}

bool FaultServers::restartFromDump()
{
    return endRedis() && copyFiles(m_dumps.filePath(u"appendonlydir"_s), redisFiles()) && beginRedis();
}

bool FaultServers::restartPostgres()
{
    m_sql->close();
    return m_servers.killPostgres() && m_servers.startPostgres();
}

bool FaultServers::restartBoth()
{
    m_sql->close();
    const bool ended = endRedis() && m_servers.killPostgres();
    return ended && m_servers.startPostgres() && beginRedis();
}

bool FaultServers::isRecovered()
{
    const auto info = m_redis->run({"INFO", "server"});
    const auto recovered = m_redis->run({"GET", "wt:ok:users"});
    const QByteArray runId = recovered ? recovered->value(0) : QByteArray();
    return info && !runId.isEmpty() && info->value(0).contains("run_id:" + runId);
}

void FaultServers::lookForRecovery()
{
    if (!m_outage || !isRecovered())
        return;
    m_outage = false;
    m_recorder.mark(EventKind::Recovered);
}

} // namespace throughline::faults
