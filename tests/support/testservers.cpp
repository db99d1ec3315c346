// SPDX-License-Identifier: GPL-3.0-or-later
#include "testservers.h"

#include "domain/redisurl.h"
#include "stores/postgres/pgconninfo.h"
#include "testclients.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>
#include <csignal>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int deadlineMs = 60000;

/// Process ids whose parent is `parent`.
std::vector<pid_t> childrenOf(qint64 parent)
{
    std::vector<pid_t> children;
    const QStringList entries = QDir(u"/proc"_s).entryList({u"[0-9]*"_s}, QDir::Dirs);
    for (const QString &entry : entries) {
        QFile stat("/proc/"_L1 + entry + "/stat"_L1);
        if (!stat.open(QIODevice::ReadOnly))
            continue;
        // The name in parentheses may hold anything, so the fields are counted from its end.
        const QByteArray line = stat.readAll();
        const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
        if (fields.value(1).toLongLong() == parent)
            children.push_back(static_cast<pid_t>(entry.toInt()));
    }
    return children;
}

SandboxOptions optionsFor(const QString &directory, bool tcp)
{
    SandboxOptions options;
    options.dataDir = directory;
    options.tcp = tcp;
    // The cluster lives for minutes; no power failure is tested.
    options.syncNewCluster = false;
    return options;
}

} // namespace

TestServers::TestServers(bool tcp)
    : m_directory(u"/tmp/throughline-test-XXXXXX"_s)
    , m_sandbox(std::make_unique<Sandbox>(optionsFor(m_directory.path(), tcp)))
{
    QObject::connect(m_sandbox.get(), &Sandbox::failed, m_sandbox.get(),
                     [this](const StoreError &error) { m_error = error.message; });
}

TestServers::~TestServers()
{
    resumePostgres();
    resumeRedis();
    bool stopped = false;
    QObject::connect(m_sandbox.get(), &Sandbox::stopped, m_sandbox.get(), [&] { stopped = true; });
    m_sandbox->stop();
    [[maybe_unused]] const bool inTime = QTest::qWaitFor([&] { return stopped; }, deadlineMs);
    m_sandbox.reset();
}

bool TestServers::start()
{
    if (m_directory.isValid())
        return startMissing();
    m_error = m_directory.errorString();
    return false;
}

bool TestServers::startMissing()
{
    bool started = false;
    m_error.clear();
    QObject context;
    QObject::connect(m_sandbox.get(), &Sandbox::started, &context, [&] { started = true; });
    m_sandbox->start();
    if (!QTest::qWaitFor([&] { return started || !m_error.isEmpty(); }, deadlineMs))
        m_error = u"The servers were not ready in time."_s;
    return started;
}

QString TestServers::conninfo() const
{
    return endpoints().conninfo;
}

QString TestServers::redisUrl() const
{
    return endpoints().redisUrl;
}

QString TestServers::redisSocket() const
{
    return m_sandbox->paths().redisSocket();
}

SandboxEndpoints TestServers::endpoints() const
{
    return m_sandbox->endpoints();
}

QString TestServers::dataDir() const
{
    return m_directory.path();
}

QString TestServers::freshDatabase()
{
    const QString name = "test"_L1 + QString::number(++m_databases);
    if (!execute(conninfo(), "CREATE DATABASE "_L1 + name))
        return {};
    // A later dbname overrides an earlier one.
    return conninfo() + " dbname="_L1 + name;
}

bool TestServers::flushRedis()
{
    return redis({"FLUSHALL"}).value(0) == "OK" && redis({"SCRIPT", "FLUSH"}).value(0) == "OK";
}

bool TestServers::execute(const QString &conninfo, const QString &sql)
{
    const testclients::PgAnswer answer = testclients::pg(conninfo, sql);
    m_error = answer.error;
    return answer.ok;
}

std::optional<QByteArray> TestServers::scalar(const QString &conninfo, const QString &sql)
{
    const testclients::PgAnswer answer = testclients::pg(conninfo, sql);
    m_error = answer.error;
    return answer.scalar;
}

QByteArrayList TestServers::redis(const QByteArrayList &command)
{
    const QString password = RedisUrl::parse(redisUrl()).value_or(RedisUrl()).password;
    return testclients::redis(redisSocket(), command, password.toUtf8());
}

qsizetype TestServers::waitingPostgresConnections() const
{
    QFile sockets(u"/proc/net/unix"_s);
    if (!sockets.open(QIODevice::ReadOnly))
        return -1;
    const auto parameters = parseConninfo(conninfo()).value_or(ConninfoParameters());
    const auto host = std::ranges::find(parameters, u"host"_s, [](const auto &parameter) { return parameter.first; });
    if (host == parameters.end())
        return -1;
    const QByteArray path = host->second.toUtf8() + "/.s.PGSQL.";
    const QList<QByteArray> lines = sockets.readAll().split('\n');
    return std::ranges::count_if(lines, [&](const QByteArray &line) {
        return line.contains(path) && line.simplified().split(' ').value(5) == "02"; // SS_CONNECTING
    });
}

void TestServers::pausePostgres()
{
    // The postmaster first: after that no backend is born.
    const auto postmaster = static_cast<pid_t>(m_sandbox->postgresPid());
    if (postmaster <= 0)
        return;
    kill(postmaster, SIGSTOP);
    m_paused = childrenOf(postmaster);
    for (const pid_t backend : m_paused)
        kill(backend, SIGSTOP);
    m_paused.push_back(postmaster);
}

void TestServers::resumePostgres()
{
    for (const pid_t process : m_paused)
        kill(process, SIGCONT);
    m_paused.clear();
}

void TestServers::pauseRedis()
{
    if (const auto pid = static_cast<pid_t>(m_sandbox->redisPid()); pid > 0)
        kill(pid, SIGSTOP);
}

void TestServers::resumeRedis()
{
    if (const auto pid = static_cast<pid_t>(m_sandbox->redisPid()); pid > 0)
        kill(pid, SIGCONT);
}

bool TestServers::stopPostgres()
{
    return endPostgres(SIGINT);
}

bool TestServers::stopRedis()
{
    return endRedis(SIGTERM);
}

bool TestServers::killPostgres()
{
    return endPostgres(SIGKILL);
}

bool TestServers::killRedis()
{
    return endRedis(SIGKILL);
}

bool TestServers::startPostgres()
{
    // The processes of a killed server hold its memory until they have noticed; until then a new one does not start.
    return QTest::qWaitFor([this] { return startMissing(); }, deadlineMs);
}

bool TestServers::startRedis()
{
    return startMissing();
}

bool TestServers::endPostgres(int signal)
{
    if (const auto pid = static_cast<pid_t>(m_sandbox->postgresPid()); pid > 0)
        kill(pid, signal);
    return QTest::qWaitFor([this] { return m_sandbox->postgresPid() == 0; }, deadlineMs);
}

bool TestServers::endRedis(int signal)
{
    if (const auto pid = static_cast<pid_t>(m_sandbox->redisPid()); pid > 0)
        kill(pid, signal);
    return QTest::qWaitFor([this] { return m_sandbox->redisPid() == 0; }, deadlineMs);
}

} // namespace throughline
