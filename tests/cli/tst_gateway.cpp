// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl.h"
#include "notifysocket.h"
#include "schemafixture.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocalServer>
#include <QLocalSocket>
#include <QRegularExpression>
#include <QTcpSocket>
#include <QTest>

#include <csignal>
#include <memory>
#include <sys/stat.h>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

constexpr int deadlineMs = 30000;

/// A gateway in a process of its own, told apart by its own socket for notifications.
class Gateway final
{
public:
    Gateway(const QString &config, const QStringList &options, qint64 watchdogUs = 0)
        : m_ctl({u"--config"_s, config})
    {
        m_ctl.setVariable(u"NOTIFY_SOCKET"_s, m_notify.path());
        if (watchdogUs > 0)
            m_ctl.setVariable(u"WATCHDOG_USEC"_s, QString::number(watchdogUs));
        m_ctl.start(m_process, QStringList(u"gateway"_s) + options);
    }
    ~Gateway()
    {
        m_process.kill();
        m_process.waitForFinished(deadlineMs);
    }
    Gateway(const Gateway &) = delete;
    Gateway &operator=(const Gateway &) = delete;

    [[nodiscard]] bool waitUntilReady()
    {
        return QTest::qWaitFor([&] { return m_notify.has("READY=1"); }, deadlineMs);
    }
    /// The exit code after SIGTERM; -1 when it did not end by itself.
    [[nodiscard]] int terminate()
    {
        m_process.terminate();
        const bool ended = m_process.state() == QProcess::NotRunning || m_process.waitForFinished(deadlineMs);
        return ended && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    [[nodiscard]] QProcess &process() { return m_process; }
    [[nodiscard]] NotifySocket &notify() { return m_notify; }

private:
    NotifySocket m_notify;
    Ctl m_ctl;
    QProcess m_process;
};

/// Everything that comes back until the server closes; in two halves, so that the server has to put them together.
template <class Socket>
QByteArray conversation(Socket &socket, const QByteArray &request)
{
    QByteArray received;
    socket.write(request.left(request.size() / 2));
    socket.flush();
    socket.write(request.mid(request.size() / 2));
    const bool closed = QTest::qWaitFor(
        [&] {
            received += socket.readAll();
            return socket.state() == Socket::UnconnectedState;
        },
        deadlineMs);
    return closed ? received + socket.readAll() : "not closed"_ba;
}

QByteArray overUnixSocket(const QString &path, const QByteArray &request)
{
    QLocalSocket socket;
    socket.connectToServer(path);
    if (!socket.waitForConnected(deadlineMs))
        return socket.errorString().toUtf8();
    return conversation(socket, request);
}

const QByteArray getMetrics = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"_ba;

} // namespace

/// Gateways as processes: two tables, several gateways, and what they tell to scrapers, health checks and systemd.
class GatewayTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void foreignSqlOnBothTablesReachesBothCaches();
    void whatAKilledGatewayHadClaimedIsPushed();
    void statusListsTheGateways();
    void figuresAreOneObjectALine();
    void metricsOverAUnixSocket();
    void aSocketOfADeadProcessIsReplacedAndNothingElse();
    void metricsOverLoopback();
    void healthIsAnExitCode();
    void readyOnlyWhenBothStoresHaveAnswered();
    void aHangingWorkerStopsThePings();
    void theServiceFileFitsTheProgram();

private:
    [[nodiscard]] QByteArray cached(const QByteArray &key, const QByteArray &field)
    {
        return m_servers->redis({"HGET", key, field}).value(0);
    }
    void cache(const QByteArray &key, const QByteArray &field)
    {
        m_servers->redis({"HSET", key, "version", "1", field, "old"});
    }
    [[nodiscard]] bool sql(const QString &text) { return m_servers->execute(m_db->conninfo(), text); }
    [[nodiscard]] CtlRun ctl(const QStringList &arguments) const
    {
        return Ctl({u"--config"_s, m_config}).run(arguments);
    }
    [[nodiscard]] QJsonArray gateways() const
    {
        return ctl({u"status"_s, u"--json"_s}).json().value("gateway_list"_L1).toArray();
    }

    std::unique_ptr<TestServers> m_servers;
    std::unique_ptr<SchemaFixture> m_db;
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_config;
};

void GatewayTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
    m_db = std::make_unique<SchemaFixture>(*m_servers);
    m_directory = std::make_unique<QTemporaryDir>(u"/tmp/throughline-test-XXXXXX"_s);
    m_config = m_directory->filePath(u"two.ini"_s);
    QFile users(u":/sql/users.sql"_s), file(m_config);
    QVERIFY(users.open(QIODevice::ReadOnly) && file.open(QIODevice::WriteOnly));
    file.write("[postgres]\nconninfo = " + m_db->conninfo().toUtf8() +
               "\n[redis]\nurl = " + m_servers->redisUrl().toUtf8() +
               "\n[mapping:items]\ntable = shop.items\nkey = code\nprefix = item:\n[fields:items]\nlabel = name\n");
    file.close();
    QVERIFY(m_db->run(QString::fromUtf8(users.readAll())));
    QVERIFY(m_db->run(u"CREATE SCHEMA shop; CREATE TABLE shop.items(code text PRIMARY KEY, name text);"
                      "INSERT INTO shop.items VALUES('a b', 'bolt');"
                      "INSERT INTO users(username, email, password_hash) VALUES('ana', 'ana@example.org', 'x')"_s));
    const CtlRun prepared = ctl({u"prepare"_s});
    QVERIFY2(prepared.code == 0, prepared.all().constData());
    QVERIFY(m_servers->flushRedis());
}

void GatewayTest::cleanupTestCase()
{
    m_servers.reset();
}

void GatewayTest::foreignSqlOnBothTablesReachesBothCaches()
{
    Gateway gateway(m_config, {});
    QVERIFY(gateway.waitUntilReady());
    cache("users:1", "first");
    cache("item:a b", "label");
    QVERIFY(sql(u"UPDATE users SET first_name = 'Ana'; UPDATE shop.items SET name = 'nut'"_s));
    QTRY_COMPARE_WITH_TIMEOUT(cached("users:1", "first"), "Ana", deadlineMs);
    QTRY_COMPARE_WITH_TIMEOUT(cached("item:a b", "label"), "nut", deadlineMs);
    QCOMPARE(gateway.terminate(), 0);
    QVERIFY(gateway.notify().has("STOPPING=1"));
    const QByteArray said = gateway.process().readAllStandardError() + gateway.process().readAllStandardOutput();
    QVERIFY2(said.contains("users, shop.items"), said.constData());
    QVERIFY2(!said.contains("nut") && !said.contains("Ana"), said.constData());
}

void GatewayTest::whatAKilledGatewayHadClaimedIsPushed()
{
    Gateway first(m_config, {});
    QVERIFY(first.waitUntilReady());
    const int firstNode = gateways().at(0).toObject().value("node"_L1).toInt();
    Gateway second(m_config, {});
    QVERIFY(second.waitUntilReady());
    cache("item:a b", "label");
    m_servers->pauseRedis();
    QVERIFY(sql(u"UPDATE shop.items SET name = 'screw'"_s));
    const auto owner = [&] {
        return m_servers
            ->scalar(m_db->conninfo(), u"SELECT owner::text FROM wt_outbox WHERE drained_at IS NULL ORDER BY seq DESC "
                                       "LIMIT 1"_s)
            .value_or(QByteArray());
    };
    QTRY_VERIFY_WITH_TIMEOUT(!owner().isEmpty(), deadlineMs);
    Gateway &holder = owner().toInt() == firstNode ? first : second;
    Gateway &other = &holder == &first ? second : first;
    holder.process().kill();
    QVERIFY(holder.process().waitForFinished(deadlineMs));
    m_servers->resumeRedis();
    QTRY_COMPARE_WITH_TIMEOUT(cached("item:a b", "label"), "screw", deadlineMs);
    QCOMPARE(other.terminate(), 0);
}

void GatewayTest::statusListsTheGateways()
{
    Gateway first(m_config, {});
    Gateway second(m_config, {});
    QVERIFY(first.waitUntilReady() && second.waitUntilReady());
    const CtlRun run = ctl({u"status"_s, u"--json"_s});
    QCOMPARE(run.code, 0);
    QCOMPARE(run.json().value("gateways"_L1).toInt(), 2);
    const QJsonArray list = run.json().value("gateway_list"_L1).toArray();
    QCOMPARE(list.size(), 2);
    for (const QJsonValue &each : list) {
        QCOMPARE(each["program"_L1].toString(), u"throughlinectl"_s);
        QCOMPARE(each["address"_L1].toString(), u"local"_s);
        QVERIFY(QDateTime::fromString(each["since"_L1].toString(), Qt::ISODate).isValid());
        QVERIFY(each["node"_L1].toInt() > 0);
    }
    QVERIFY(list[0]["node"_L1] != list[1]["node"_L1]);
    const QJsonArray tables = run.json().value("tables"_L1).toArray();
    QCOMPARE(tables.size(), 2);
    QCOMPARE(tables[0].toObject(), run.json().value("table"_L1).toObject());
    QCOMPARE(tables[1]["preparation"_L1].toString(), u"complete"_s);
    const CtlRun shown = ctl({u"status"_s});
    QCOMPARE(shown.out.count("\nGateway "), 2);
    QVERIFY2(shown.out.contains("shop.items"), shown.out.constData());
}

void GatewayTest::figuresAreOneObjectALine()
{
    Gateway gateway(m_config, {u"--every"_s, u"1"_s, u"--json"_s});
    QByteArray out;
    QVERIFY(QTest::qWaitFor(
        [&] {
            out += gateway.process().readAllStandardOutput();
            return out.count('\n') >= 2;
        },
        deadlineMs));
    QCOMPARE(gateway.terminate(), 0);
    out += gateway.process().readAllStandardOutput();
    const QByteArrayList lines = out.trimmed().split('\n');
    QVERIFY(lines.size() >= 3);
    for (const QByteArray &line : lines) {
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        QVERIFY2(object.contains("pushed_keys"_L1) && object.contains("staged"_L1), line.constData());
    }
    bool told = false;
    for (const QByteArray &message : gateway.notify().take())
        told |= message.startsWith("STATUS=taken over ");
    QVERIFY(told);
}

void GatewayTest::metricsOverAUnixSocket()
{
    const QString path = m_directory->filePath(u"metrics.sock"_s);
    Gateway gateway(m_config, {u"--metrics"_s, "unix:"_L1 + path});
    QVERIFY(gateway.waitUntilReady());
    struct stat found
    {
    };
    QCOMPARE(::stat(QFile::encodeName(path).constData(), &found), 0);
    QCOMPARE(int(found.st_mode & 07777), 0660);
    const QByteArray answer = overUnixSocket(path, getMetrics);
    QVERIFY2(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer.constData());
    QVERIFY2(answer.contains("\nthroughline_store_up{store=\"redis\"} 1\n"), answer.constData());
    QVERIFY(answer.endsWith("\n"));
    QVERIFY(overUnixSocket(path, "GET / HTTP/1.1\r\n\r\n"_ba).startsWith("HTTP/1.1 404 "));
    QVERIFY(overUnixSocket(path, "DELETE /metrics HTTP/1.1\r\n\r\n"_ba).startsWith("HTTP/1.1 405 "));
    QVERIFY(overUnixSocket(path, QByteArray(9000, 'x')).startsWith("HTTP/1.1 431 "));
    // One who says nothing keeps nobody else waiting, and is cut off.
    QLocalSocket silent;
    silent.connectToServer(path);
    QVERIFY(silent.waitForConnected(deadlineMs));
    QVERIFY(overUnixSocket(path, getMetrics).startsWith("HTTP/1.1 200 "));
    QTRY_COMPARE_WITH_TIMEOUT(silent.state(), QLocalSocket::UnconnectedState, deadlineMs);
    QCOMPARE(gateway.terminate(), 0);
    QVERIFY(!QFile::exists(path));
}

void GatewayTest::aSocketOfADeadProcessIsReplacedAndNothingElse()
{
    const QString path = m_directory->filePath(u"metrics.sock"_s);
    const QStringList options{u"--metrics"_s, "unix:"_L1 + path};
    {
        Gateway killed(m_config, options);
        QVERIFY(killed.waitUntilReady());
    }
    QVERIFY(QFile::exists(path));
    Gateway next(m_config, options);
    QVERIFY(next.waitUntilReady());
    const CtlRun second = ctl(QStringList(u"gateway"_s) + options);
    QVERIFY2(second.code == 1 && second.err.contains("Another program"), second.all().constData());
    QVERIFY(overUnixSocket(path, getMetrics).startsWith("HTTP/1.1 200 "));
    const CtlRun onFile = ctl({u"gateway"_s, u"--metrics"_s, "unix:"_L1 + m_config});
    QVERIFY2(onFile.code == 1 && onFile.err.contains("no socket"), onFile.all().constData());
    QVERIFY(QFile::exists(m_config));
    for (const QString &address : {u"0.0.0.0:0"_s, u"192.0.2.1:9187"_s, u"unix:here"_s}) {
        const CtlRun refused = ctl({u"gateway"_s, u"--metrics"_s, address});
        QVERIFY2(refused.code == 2 && refused.err.contains("loopback"), refused.all().constData());
    }
}

void GatewayTest::metricsOverLoopback()
{
    Gateway gateway(m_config, {u"--metrics"_s, u"127.0.0.1:0"_s});
    QVERIFY(gateway.waitUntilReady());
    static const QRegularExpression address(u"http://127\\.0\\.0\\.1:([0-9]+)/metrics"_s);
    QString said;
    QVERIFY(QTest::qWaitFor(
        [&] {
            said += QString::fromUtf8(gateway.process().readAllStandardError());
            return address.match(said).hasMatch();
        },
        deadlineMs));
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, address.match(said).captured(1).toUShort());
    QVERIFY(socket.waitForConnected(deadlineMs));
    const QByteArray answer = conversation(socket, getMetrics);
    QVERIFY2(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer.constData());
    QVERIFY2(answer.contains("# TYPE throughline_outbox_waiting_rows gauge\n"), answer.constData());
}

void GatewayTest::healthIsAnExitCode()
{
    QTRY_COMPARE_WITH_TIMEOUT(gateways().size(), 0, deadlineMs);
    const CtlRun alone = ctl({u"gateway"_s, u"--health"_s});
    QVERIFY2(alone.code == 1 && alone.err.contains("No gateway"), alone.all().constData());
    Gateway gateway(m_config, {});
    QVERIFY(gateway.waitUntilReady());
    const CtlRun good = ctl({u"gateway"_s, u"--health"_s, u"--json"_s});
    QVERIFY2(good.code == 0, good.all().constData());
    QVERIFY(good.json().value("healthy"_L1).toBool());
    QCOMPARE(good.json().value("gateways"_L1).toInt(), 1);
    const CtlRun away = Ctl({u"--pg"_s, m_db->conninfo(), u"--redis"_s, u"redis://127.0.0.1:1"_s})
                            .run({u"gateway"_s, u"--health"_s, u"--json"_s});
    QVERIFY2(away.code == 5, away.all().constData());
    QVERIFY(!away.json().value("healthy"_L1).toBool(true));
}

void GatewayTest::readyOnlyWhenBothStoresHaveAnswered()
{
    QVERIFY(m_servers->stopRedis());
    Gateway gateway(m_config, {u"--every"_s, u"1"_s});
    QByteArray status;
    QVERIFY(QTest::qWaitFor(
        [&] {
            for (const QByteArray &message : gateway.notify().take())
                status = message;
            return status.contains("Redis");
        },
        deadlineMs));
    QVERIFY2(status.startsWith("STATUS="), status.constData());
    QVERIFY(!gateway.notify().has("READY=1"));
    QVERIFY(m_servers->startRedis());
    QVERIFY(gateway.waitUntilReady());
    QCOMPARE(gateway.terminate(), 0);
}

void GatewayTest::aHangingWorkerStopsThePings()
{
    constexpr qint64 periodUs = 400'000;
    Gateway gateway(m_config, {}, periodUs);
    QVERIFY(gateway.waitUntilReady());
    const auto pinged = [&] { return gateway.notify().take().contains("WATCHDOG=1"); };
    QVERIFY(QTest::qWaitFor(pinged, deadlineMs));
    m_servers->pausePostgres();
    QElapsedTimer quiet;
    quiet.start();
    const auto hasBeenQuiet = [&] {
        if (pinged())
            quiet.restart();
        return quiet.elapsed() > 3 * periodUs / 1000;
    };
    QVERIFY(QTest::qWaitFor(hasBeenQuiet, deadlineMs));
    m_servers->resumePostgres();
    QVERIFY(QTest::qWaitFor(pinged, deadlineMs));
    QCOMPARE(gateway.terminate(), 0);
}

void GatewayTest::theServiceFileFitsTheProgram()
{
    QFile file(QStringLiteral(SERVICE_FILE));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QHash<QString, QStringList> settings;
    QString section;
    for (const QString &line : QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts)) {
        if (line.startsWith(u'['))
            section = line;
        else if (!line.startsWith(u'#'))
            settings[section + line.section(u'=', 0, 0)] << line.section(u'=', 1);
    }
    const auto one = [&](const QString &key) { return settings.value("[Service]"_L1 + key).value(0); };
    QCOMPARE(one(u"Type"_s), u"notify"_s);
    QCOMPARE(one(u"RestartPreventExitStatus"_s), u"2"_s);
    QCOMPARE(settings.value(u"[Install]WantedBy"_s).value(0), u"multi-user.target"_s);
    const QStringList words = one(u"ExecStart"_s).split(u' ');
    QCOMPARE(words.value(0), u"/usr/bin/throughlinectl"_s);
    QCOMPARE(words.value(1), u"gateway"_s);
    const QByteArray help = ctl({u"help"_s, u"gateway"_s}).out;
    for (const QString &word : words) {
        if (word.startsWith("--"_L1))
            QVERIFY2(help.contains(word.toUtf8() + ' '), qPrintable(word));
    }
    const QString metrics = words.value(words.indexOf(u"--metrics"_s) + 1);
    QVERIFY(metrics.startsWith("unix:/run/"_L1 + one(u"RuntimeDirectory"_s) + u'/'));
    const QStringList environment = settings.value(u"[Service]Environment"_s);
    QVERIFY(environment.contains("XDG_STATE_HOME=%S/"_L1 + one(u"StateDirectory"_s)));
    QVERIFY(environment.contains("THROUGHLINE_CONFIG=%d/"_L1 + one(u"LoadCredential"_s).section(u':', 0, 0)));
}

QTEST_GUILESS_MAIN(GatewayTest)
#include "tst_gateway.moc"
