// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/sandbox.h"
#include "testclients.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <libpq-fe.h>
#include <unistd.h>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

constexpr int deadlineMs = 30000;

/// A sandbox in this process and what it has said so far.
class Subject final : public QObject
{
public:
    explicit Subject(const QString &dataDir, bool tcp = false)
        : Subject(optionsFor(dataDir, tcp))
    {
    }
    explicit Subject(const SandboxOptions &options)
        : sandbox(options)
        , started(&sandbox, &Sandbox::started)
        , stopped(&sandbox, &Sandbox::stopped)
        , ownerEnded(&sandbox, &Sandbox::ownerEnded)
        , died(&sandbox, &Sandbox::serverDied)
    {
        connect(&sandbox, &Sandbox::failed, this, [this](const StoreError &error) { failure = error.message; });
    }

    [[nodiscard]] static SandboxOptions optionsFor(const QString &dataDir, bool tcp = false)
    {
        SandboxOptions options;
        options.dataDir = dataDir;
        options.tcp = tcp;
        options.syncNewCluster = false;
        return options;
    }

    [[nodiscard]] bool start()
    {
        const qsizetype before = started.count();
        sandbox.start();
        return QTest::qWaitFor([&] { return started.count() > before || !failure.isEmpty(); }, deadlineMs) &&
               failure.isEmpty();
    }
    [[nodiscard]] bool stop()
    {
        const qsizetype before = stopped.count();
        sandbox.stop();
        return QTest::qWaitFor([&] { return stopped.count() > before; }, deadlineMs);
    }
    [[nodiscard]] std::optional<QByteArray> pg(const QString &sql) const
    {
        return testclients::pg(sandbox.endpoints().conninfo, sql).scalar;
    }
    [[nodiscard]] QByteArrayList redis(const QByteArrayList &command) const
    {
        return testclients::redis(sandbox.paths().redisSocket(), command);
    }

    Sandbox sandbox;
    QSignalSpy started;
    QSignalSpy stopped;
    QSignalSpy ownerEnded;
    QSignalSpy died;
    QString failure;
};

/// The same in another program.
class OtherProgram final
{
public:
    ~OtherProgram()
    {
        m_process.closeWriteChannel();
        m_process.waitForFinished(deadlineMs);
    }
    void start(const QString &dataDir) { m_process.start(QString::fromLocal8Bit(SANDBOXPROBE), {dataDir}); }
    [[nodiscard]] bool waitFor(const QByteArray &word)
    {
        return QTest::qWaitFor(
            [&] {
                m_output += m_process.readAllStandardOutput();
                return m_output.contains(word);
            },
            deadlineMs);
    }
    [[nodiscard]] QByteArray output() const { return m_output; }
    void killHard()
    {
        m_process.kill();
        m_process.waitForFinished(deadlineMs);
    }
    void end() { m_process.closeWriteChannel(); }

private:
    QProcess m_process;
    QByteArray m_output;
};

bool holdsHalfMadeCluster(const QString &dataDir)
{
    return !QDir(dataDir).entryList({u"postgres.new-*"_s}, QDir::Dirs).isEmpty();
}

void write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

/// The private servers, with real ones.
class TestSandbox final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void startsWithSafeSettings();
    void findsItsDataAgain();
    void isUsedByASecondProgram();
    void isOwnedByOneOfTwoThatStartTogether();
    void comesBackAfterTheOwnerWasKilled();
    void comesBackAfterAKillDuringTheFirstStart();
    void isNotIrritatedByAStalePidFile();
    void putsSocketsElsewhereWhenThePathIsLong();
    void copesWithAnyCharacterInThePath();
    void refusesASocketDirectoryOfSomebodyElse();
    void namesThePackagesThatAreMissing();
    void namesThePackageOfTheClustersVersion();
    void stopsWhileClientsAreConnected();
    void stopsDuringTheFirstStart();
    void startsAgainWhatHasDied();
    void waitsForTheBackendsOfAKilledServer();
    void keepsAwayFromTheTerminal();
    void asksForAPasswordOnLoopbackPorts();
    void worksBelowAClosedDirectory();
    void saysWhichDirectoryIsClosedToTheAccount();
    void choosesTheDataDirectory_data();
    void choosesTheDataDirectory();

private:
    [[nodiscard]] QString dataDir() const { return m_directory->path(); }
    [[nodiscard]] QString closedDirectory() const;

    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestSandbox::init()
{
    m_directory = std::make_unique<QTemporaryDir>(u"/tmp/throughline-test-XXXXXX"_s);
    QVERIFY(m_directory->isValid());
}

void TestSandbox::cleanup()
{
    m_directory.reset();
}

void TestSandbox::startsWithSafeSettings()
{
    Subject subject(dataDir());
    QElapsedTimer timer;
    timer.start();
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    qInfo("cold start: %lld ms", timer.elapsed());
    QVERIFY(subject.sandbox.ownsServers());
    QCOMPARE(subject.pg(u"SHOW fsync"_s), "on"_ba);
    QCOMPARE(subject.pg(u"SHOW synchronous_commit"_s), "on"_ba);
    QVERIFY(subject.pg(u"SHOW max_connections"_s).value_or(QByteArray()).toInt() >= 200);
    QCOMPARE(subject.pg(u"SHOW listen_addresses"_s), ""_ba);
    QCOMPARE(subject.pg(u"SHOW server_encoding"_s), "UTF8"_ba);
    QCOMPARE(subject.pg(u"SELECT rolsuper FROM pg_roles WHERE rolname = current_user"_s), "t"_ba);
    QCOMPARE(subject.redis({"CONFIG", "GET", "appendonly"}).value(1), "yes"_ba);
    QCOMPARE(subject.redis({"CONFIG", "GET", "appendfsync"}).value(1), "everysec"_ba);
    QCOMPARE(subject.redis({"CONFIG", "GET", "maxmemory-policy"}).value(1), "noeviction"_ba);
    QCOMPARE(subject.redis({"CONFIG", "GET", "port"}).value(1), "0"_ba);
    const QByteArray events = subject.redis({"CONFIG", "GET", "notify-keyspace-events"}).value(1);
    QVERIFY(events.contains('K') && events.contains('h'));
    QVERIFY(subject.stop());
    QVERIFY(!QFile::exists(subject.sandbox.paths().stateFile));
}

void TestSandbox::findsItsDataAgain()
{
    {
        Subject subject(dataDir());
        QVERIFY2(subject.start(), qPrintable(subject.failure));
        QVERIFY(testclients::pg(subject.sandbox.endpoints().conninfo,
                                u"CREATE TABLE t (n int); INSERT INTO t VALUES (42)"_s)
                    .ok);
        QCOMPARE(subject.redis({"SET", "key", "value"}).value(0), "OK"_ba);
        QVERIFY(subject.stop());
    }
    Subject subject(dataDir());
    QElapsedTimer timer;
    timer.start();
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    qInfo("warm start: %lld ms", timer.elapsed());
    QCOMPARE(subject.pg(u"SELECT n FROM t"_s), "42"_ba);
    QCOMPARE(subject.redis({"GET", "key"}).value(0), "value"_ba);
    QVERIFY(subject.stop());
}

void TestSandbox::isUsedByASecondProgram()
{
    OtherProgram owner;
    owner.start(dataDir());
    QVERIFY2(owner.waitFor("owns"), owner.output().constData());
    Subject subject(dataDir());
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    QVERIFY(!subject.sandbox.ownsServers());
    QVERIFY(owner.output().contains(subject.sandbox.endpoints().conninfo.toUtf8()));
    QCOMPARE(subject.pg(u"SELECT 1"_s), "1"_ba);
    QVERIFY2(subject.start(), "they still run");
    owner.end();
    QVERIFY(owner.waitFor("stopped"));
    QTRY_COMPARE_WITH_TIMEOUT(subject.ownerEnded.count(), 1, deadlineMs);
    // Its turn now.
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    QVERIFY(subject.sandbox.ownsServers());
    QVERIFY(subject.stop());
}

void TestSandbox::isOwnedByOneOfTwoThatStartTogether()
{
    OtherProgram first;
    OtherProgram second;
    first.start(dataDir());
    second.start(dataDir());
    QVERIFY(first.waitFor("host="));
    QVERIFY(second.waitFor("host="));
    QVERIFY(first.output().contains("owns") != second.output().contains("owns"));
    OtherProgram &owner = first.output().contains("owns") ? first : second;
    OtherProgram &user = first.output().contains("owns") ? second : first;
    owner.end();
    QVERIFY(user.waitFor("ownerended"));
}

void TestSandbox::comesBackAfterTheOwnerWasKilled()
{
    OtherProgram owner;
    owner.start(dataDir());
    QVERIFY2(owner.waitFor("owns"), owner.output().constData());
    Subject subject(dataDir());
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    QVERIFY(testclients::pg(subject.sandbox.endpoints().conninfo, u"CREATE TABLE t AS SELECT 42 AS n"_s).ok);
    QCOMPARE(subject.redis({"SET", "key", "value"}).value(0), "OK"_ba);
    owner.killHard();
    // At once, while the servers may still be stopping.
    Subject next(dataDir());
    QVERIFY2(next.start(), qPrintable(next.failure));
    QVERIFY(next.sandbox.ownsServers());
    QCOMPARE(next.pg(u"SELECT n FROM t"_s), "42"_ba);
    QCOMPARE(next.redis({"GET", "key"}).value(0), "value"_ba);
    // The change of owners is noticed although there was hardly a moment without one.
    QTRY_COMPARE_WITH_TIMEOUT(subject.ownerEnded.count(), 1, deadlineMs);
    QVERIFY(next.stop());
}

void TestSandbox::comesBackAfterAKillDuringTheFirstStart()
{
    OtherProgram owner;
    owner.start(dataDir());
    QTRY_VERIFY_WITH_TIMEOUT(holdsHalfMadeCluster(dataDir()), deadlineMs);
    owner.killHard();
    QVERIFY(!QFile::exists(dataDir() + "/postgres/PG_VERSION"_L1));
    Subject subject(dataDir());
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    QCOMPARE(subject.pg(u"SELECT current_database()"_s), "throughline"_ba);
    QVERIFY(subject.stop());
}

void TestSandbox::isNotIrritatedByAStalePidFile()
{
    Subject subject(dataDir());
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    const SandboxPaths paths = subject.sandbox.paths();
    QVERIFY(subject.stop());
    // The number has been given to somebody else meanwhile: to this test.
    const QByteArray pid = QByteArray::number(qint64(getpid())) + '\n';
    write(paths.postgresData + "/postmaster.pid"_L1, pid);
    write(paths.postgresSocket(5432) + ".lock"_L1, pid);
    write(paths.postgresSocket(5432), {});
    write(paths.redisPidFile, pid);
    write(paths.redisSocket(), {});
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    QCOMPARE(subject.pg(u"SELECT 1"_s), "1"_ba);
    QCOMPARE(subject.redis({"PING"}).value(0), "PONG"_ba);
    QVERIFY(subject.stop());
}

void TestSandbox::putsSocketsElsewhereWhenThePathIsLong()
{
    const QString longPath = dataDir() + '/'_L1 + QString(120, u'd') + "/data"_L1;
    QDir().mkpath(QFileInfo(longPath).path());
    QFile::setPermissions(dataDir(), QFile::permissions(dataDir()) | QFile::ExeOther);
    Subject subject(longPath);
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    const QString runDir = subject.sandbox.paths().runDir;
    QVERIFY2(runDir.startsWith(u"/tmp/throughline-"_s), qPrintable(runDir));
    QCOMPARE(QFile::permissions(runDir) & (QFile::ReadOther | QFile::ReadGroup | QFile::ExeOther),
             QFile::Permissions());
    QCOMPARE(subject.pg(u"SELECT 1"_s), "1"_ba);
    QCOMPARE(subject.redis({"PING"}).value(0), "PONG"_ba);
    QVERIFY(subject.stop());
    QDir(runDir).removeRecursively();
}

void TestSandbox::copesWithAnyCharacterInThePath()
{
    QFile::setPermissions(dataDir(), QFile::permissions(dataDir()) | QFile::ExeOther);
    Subject subject(dataDir() + u"/a b,'c\"é\\%?@"_s);
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    QCOMPARE(subject.pg(u"SELECT 1"_s), "1"_ba);
    QCOMPARE(subject.redis({"PING"}).value(0), "PONG"_ba);
    QVERIFY(subject.stop());
    QDir(subject.sandbox.paths().runDir).removeRecursively();
}

void TestSandbox::refusesASocketDirectoryOfSomebodyElse()
{
    const QString longPath = dataDir() + '/'_L1 + QString(120, u'd');
    QFile::setPermissions(dataDir(), QFile::permissions(dataDir()) | QFile::ExeOther);
    const QString runDir = SandboxPaths::forDataDir(longPath).runDir;
    // What a stranger can do under /tmp without being root: a link to a place that is ours.
    const QString elsewhere = dataDir() + "/elsewhere"_L1;
    QVERIFY(QDir().mkpath(elsewhere));
    QVERIFY(QFile::link(elsewhere, runDir));
    Subject subject(longPath);
    const bool started = subject.start();
    QFile::remove(runDir);
    QVERIFY(!started);
    QVERIFY2(subject.failure.contains(runDir), qPrintable(subject.failure));
}

void TestSandbox::namesThePackagesThatAreMissing()
{
    SandboxOptions options = Subject::optionsFor(dataDir());
    options.searchPath = {dataDir() + "/none"_L1, {dataDir()}};
    Subject nothing(options);
    QVERIFY(!nothing.start());
    QVERIFY2(nothing.failure.contains(u"apt-get install postgresql redis-server"_s), qPrintable(nothing.failure));
    options.searchPath.postgresRoot = ServerSearchPath::ofSystem().postgresRoot;
    Subject noRedis(options);
    QVERIFY(!noRedis.start());
    QVERIFY2(noRedis.failure.contains(u"apt-get install redis-server"_s), qPrintable(noRedis.failure));
}

void TestSandbox::namesThePackageOfTheClustersVersion()
{
    QVERIFY(QDir().mkpath(dataDir() + "/postgres"_L1));
    write(dataDir() + "/postgres/PG_VERSION"_L1, "99\n");
    Subject subject(dataDir());
    QVERIFY(!subject.start());
    QVERIFY2(subject.failure.contains(u"postgresql-99"_s), qPrintable(subject.failure));
}

void TestSandbox::stopsWhileClientsAreConnected()
{
    Subject subject(dataDir());
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    const std::unique_ptr<PGconn, decltype(&PQfinish)> client(
        PQconnectdb(subject.sandbox.endpoints().conninfo.toUtf8().constData()), &PQfinish);
    QCOMPARE(PQstatus(client.get()), CONNECTION_OK);
    QVERIFY(PQsendQuery(client.get(), "SELECT pg_sleep(600)"));
    QElapsedTimer timer;
    timer.start();
    QVERIFY(subject.stop());
    qInfo("stop with a busy client: %lld ms", timer.elapsed());
    QVERIFY(timer.elapsed() < 10000);
    QCOMPARE(subject.sandbox.postgresPid(), 0);
    QCOMPARE(subject.sandbox.redisPid(), 0);
}

void TestSandbox::stopsDuringTheFirstStart()
{
    Subject subject(dataDir());
    subject.sandbox.start();
    QTRY_VERIFY_WITH_TIMEOUT(holdsHalfMadeCluster(dataDir()), deadlineMs);
    QVERIFY(subject.stop());
    QCOMPARE(subject.started.count(), 0);
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    QCOMPARE(subject.pg(u"SELECT 1"_s), "1"_ba);
    QVERIFY(subject.stop());
}

void TestSandbox::startsAgainWhatHasDied()
{
    Subject subject(dataDir());
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    const qint64 postgres = subject.sandbox.postgresPid();
    QVERIFY2(subject.start(), "nothing has died");
    QCOMPARE(subject.sandbox.postgresPid(), postgres);
    QVERIFY(subject.sandbox.redisPid() > 0);
    kill(static_cast<pid_t>(subject.sandbox.redisPid()), SIGKILL);
    QTRY_COMPARE_WITH_TIMEOUT(subject.died.count(), 1, deadlineMs);
    QVERIFY(subject.died.first().first().toString().contains(u"Redis"_s));
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    QCOMPARE(subject.sandbox.postgresPid(), postgres);
    QCOMPARE(subject.redis({"PING"}).value(0), "PONG"_ba);
    kill(static_cast<pid_t>(postgres), SIGKILL);
    QTRY_COMPARE_WITH_TIMEOUT(subject.died.count(), 2, deadlineMs);
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    QCOMPARE(subject.pg(u"SELECT 1"_s), "1"_ba);
    QVERIFY(subject.stop());
}

void TestSandbox::waitsForTheBackendsOfAKilledServer()
{
    Subject subject(dataDir());
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    PGconn *client = PQconnectdb(subject.sandbox.endpoints().conninfo.toUtf8().constData());
    const pid_t backend = PQbackendPID(client);
    QVERIFY(backend > 0);
    // Stopped, it does not notice that its server has ended, and keeps the shared memory.
    kill(backend, SIGSTOP);
    kill(static_cast<pid_t>(subject.sandbox.postgresPid()), SIGKILL);
    QTRY_COMPARE_WITH_TIMEOUT(subject.died.count(), 1, deadlineMs);
    const qsizetype before = subject.started.count();
    subject.sandbox.start();
    const auto inItsWay = [&] {
        QFile log(subject.sandbox.paths().logDir + "/postgres.log"_L1);
        return log.open(QIODevice::ReadOnly) && log.readAll().contains("pre-existing shared memory block");
    };
    const bool wasInItsWay = QTest::qWaitFor(inItsWay, deadlineMs);
    kill(backend, SIGCONT);
    PQfinish(client);
    QVERIFY(wasInItsWay);
    QTRY_VERIFY_WITH_TIMEOUT(subject.started.count() > before || !subject.failure.isEmpty(), deadlineMs);
    QVERIFY2(subject.failure.isEmpty(), qPrintable(subject.failure));
    QCOMPARE(subject.pg(u"SELECT 1"_s), "1"_ba);
    QVERIFY(subject.stop());
}

void TestSandbox::keepsAwayFromTheTerminal()
{
    Subject subject(dataDir());
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    for (const qint64 pid : {subject.sandbox.postgresPid(), subject.sandbox.redisPid()})
        QVERIFY(getsid(static_cast<pid_t>(pid)) != getsid(0));
    QVERIFY(subject.stop());
}

void TestSandbox::asksForAPasswordOnLoopbackPorts()
{
    Subject subject(dataDir(), true);
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    const SandboxEndpoints endpoints = subject.sandbox.endpoints();
    QCOMPARE(testclients::pg(endpoints.tcpConninfo, u"SELECT 1"_s).scalar, "1"_ba);
    const QString without = endpoints.tcpConninfo.section(u" password="_s, 0, 0);
    QVERIFY(!testclients::pg(without, u"SELECT 1"_s).ok);
    QCOMPARE(testclients::pg(endpoints.conninfo, u"SELECT 1"_s).scalar, "1"_ba);
    QVERIFY(endpoints.tcpRedisUrl.startsWith(u"redis://:"_s));
    QVERIFY(endpoints.redisUrl.startsWith(u"unix://:"_s));
    QVERIFY(subject.redis({"PING"}).value(0).startsWith("NOAUTH"));
    // A second program sees the ports.
    Subject second(dataDir());
    QVERIFY2(second.start(), qPrintable(second.failure));
    QCOMPARE(second.sandbox.endpoints().tcpRedisUrl, endpoints.tcpRedisUrl);
    QVERIFY(second.stop());
    QVERIFY(subject.stop());
}

/// As /root is: 0700 and not the account's. Above it everything is open.
QString TestSandbox::closedDirectory() const
{
    const QString closed = dataDir() + "/closed"_L1;
    QDir().mkpath(closed);
    QFile::setPermissions(closed, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QFile::setPermissions(dataDir(), QFile::permissions(dataDir()) | QFile::ExeOther);
    return closed;
}

void TestSandbox::worksBelowAClosedDirectory()
{
    if (geteuid() == 0 && !ServiceAccount::canPassClosedDirectories())
        QSKIP("This container does not let root hand on the right to pass directories.");
    Subject subject(closedDirectory() + "/data"_L1);
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    QCOMPARE(subject.pg(u"SELECT 1"_s), "1"_ba);
    QCOMPARE(subject.redis({"PING"}).value(0), "PONG"_ba);
    QVERIFY(subject.stop());
    QVERIFY2(subject.start(), qPrintable(subject.failure));
    QVERIFY(subject.stop());
}

void TestSandbox::saysWhichDirectoryIsClosedToTheAccount()
{
    if (geteuid() != 0)
        QSKIP("Only as root do the servers run as another account.");
    const QString closed = closedDirectory();
    SandboxOptions options = Subject::optionsFor(closed + "/data"_L1);
    options.passClosedDirectories = false;
    Subject subject(options);
    QVERIFY(!subject.start());
    QVERIFY2(subject.failure.contains("may not enter "_L1 + closed), qPrintable(subject.failure));
}

void TestSandbox::choosesTheDataDirectory_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("xdg");
    QTest::addColumn<bool>("root");
    QTest::addColumn<QString>("expected");
    QTest::newRow("option") << u"/o"_s << u"/v"_s << u"/x"_s << true << u"/o"_s;
    QTest::newRow("variable") << QString() << u"/v"_s << u"/x"_s << true << u"/v"_s;
    QTest::newRow("XDG") << QString() << QString() << u"/x"_s << true << u"/x/throughline"_s;
    QTest::newRow("relative XDG") << QString() << QString() << u"x"_s << false << u"/h/.local/share/throughline"_s;
    QTest::newRow("root") << QString() << QString() << QString() << true << u"/var/lib/throughline"_s;
    QTest::newRow("user") << QString() << QString() << QString() << false << u"/h/.local/share/throughline"_s;
}

void TestSandbox::choosesTheDataDirectory()
{
    QFETCH(const QString, option);
    QFETCH(const QString, variable);
    QFETCH(const QString, xdg);
    QFETCH(const bool, root);
    QFETCH(const QString, expected);
    QProcessEnvironment environment;
    environment.insert(u"HOME"_s, u"/h"_s);
    environment.insert(u"THROUGHLINE_DATA"_s, variable);
    environment.insert(u"XDG_DATA_HOME"_s, xdg);
    QCOMPARE(SandboxPaths::defaultDataDir(option, environment, root), expected);
}

QTEST_GUILESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
