// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl.h"
#include "schemafixture.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

#include <csignal>
#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;

/// throughlinectl and its servers: private ones that it starts itself, and given ones that are away, refuse it, are not
/// prepared or may not be written.
class CliServersTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void theSandboxRunsACommandAndEndsWithItsCode();
    void theCommandFindsTheServersInItsEnvironment();
    void aSecondStartFindsTheData();
    void aSignalEndsTheSandboxWith128More();
    void aRefusedPortEndsWith5();
    void refusedLoginsNameTheThingAndNoPassword_data();
    void refusedLoginsNameTheThingAndNoPassword();
    void anUnpreparedTableIsNotChangedUnasked();
    void preparingByCommandIsReversible();
    void aReadOnlyEnvironmentRefusesWrites();
    void aProductionEnvironmentRefusesTheGenerator();
    void aMistakeInTheFileNamesItsLine();
    void aProfileIsRunAndOptionsCountMore();
    void everyPathIsNamedInTheReport_data();
    void everyPathIsNamedInTheReport();
    void aMistakeInAProfileNamesItsLine();
    void aRunThatTheTableCannotTakeIsRefused();

private:
    [[nodiscard]] QString writeProfile(const QByteArray &ini);
    [[nodiscard]] QString write(const QByteArray &ini);
    [[nodiscard]] QByteArray addresses() const;
    [[nodiscard]] Ctl ctlFor(const QString &conninfo) const
    {
        return Ctl({u"--pg"_s, conninfo, u"--redis"_s, m_servers->redisUrl()});
    }

    std::unique_ptr<TestServers> m_servers;
    std::unique_ptr<QTemporaryDir> m_directory;
};

void CliServersTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>(true);
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
    m_directory = std::make_unique<QTemporaryDir>(u"/tmp/throughline-test-XXXXXX"_s);
    QVERIFY(m_directory->isValid());
}

void CliServersTest::cleanupTestCase()
{
    m_servers.reset();
}

QString CliServersTest::write(const QByteArray &ini)
{
    const QString path = m_directory->filePath(u"test.ini"_s);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(ini) != ini.size())
        return {};
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    return path;
}

QByteArray CliServersTest::addresses() const
{
    return "[postgres]\nconninfo = " + m_servers->conninfo().toUtf8() +
           "\n[redis]\nurl = " + m_servers->redisUrl().toUtf8() + '\n';
}

void CliServersTest::theSandboxRunsACommandAndEndsWithItsCode()
{
    const Ctl ctl({u"--data"_s, m_servers->dataDir()});
    QCOMPARE(ctl.run({u"sandbox"_s, u"--"_s, u"sh"_s, u"-c"_s, u"exit 7"_s}).code, 7);
    QCOMPARE(ctl.run({u"sandbox"_s, u"--"_s, u"true"_s}).code, 0);
    QCOMPARE(ctl.run({u"sandbox"_s, u"--"_s, u"sh"_s, u"-c"_s, u"kill -TERM $$"_s}).code, 128 + SIGTERM);
    const CtlRun missing = ctl.run({u"sandbox"_s, u"--"_s, u"/nonexistent-command"_s});
    QCOMPARE(missing.code, 127);
    QVERIFY(missing.err.contains("/nonexistent-command"));
    const CtlRun streams = ctl.run({u"sandbox"_s, u"--"_s, u"sh"_s, u"-c"_s, u"echo out; echo err >&2; pwd"_s});
    QVERIFY(streams.out.startsWith("out\n"));
    QVERIFY(streams.err.contains("err\n"));
    QVERIFY(streams.out.contains(QDir::currentPath().toUtf8()));
}

void CliServersTest::theCommandFindsTheServersInItsEnvironment()
{
    const Ctl ctl({u"--data"_s, m_servers->dataDir()});
    const QString script =
        uR"(psql -qtA "$THROUGHLINE_PG" -c "SELECT string_agg(username, ' ' ORDER BY id) FROM users" || exit 9
echo "$THROUGHLINE_REDIS"
echo "$THROUGHLINE_DATA"
stat -c %a "$THROUGHLINE_CONFIG"
cat "$THROUGHLINE_CONFIG")"_s;
    const CtlRun ended = ctl.run({u"sandbox"_s, u"--"_s, u"sh"_s, u"-c"_s, script});
    QVERIFY2(ended.code == 0, ended.all().constData());
    const QList<QByteArray> lines = ended.out.split('\n');
    QCOMPARE(lines.value(0), "fulano beltrano sicrano");
    QCOMPARE(lines.value(1), m_servers->redisUrl().toUtf8());
    QCOMPARE(lines.value(2), m_servers->dataDir().toUtf8());
    QCOMPARE(lines.value(3), "600");
    QVERIFY(ended.out.contains("conninfo = " + m_servers->conninfo().toUtf8()));
}

void CliServersTest::aSecondStartFindsTheData()
{
    const QString data = m_directory->filePath(u"own"_s);
    const Ctl ctl({u"--data"_s, data});
    const CtlRun first = ctl.run({u"set"_s, u"2"_s, u"score=4711"_s}); // a first start, for this command alone
    QVERIFY2(first.code == 0, first.all().constData());
    const CtlRun second = ctl.run({u"get"_s, u"2"_s, u"--json"_s});
    QVERIFY2(second.code == 0, second.all().constData());
    const QJsonObject score = second.json().value("fields"_L1).toObject().value("score"_L1).toObject();
    QCOMPARE(score.value("postgres"_L1).toString(), u"4711"_s);
    QCOMPARE(score.value("redis"_L1).toString(), u"4711"_s);
    QCOMPARE(second.json().value("state"_L1).toString(), u"same"_s);
}

void CliServersTest::aSignalEndsTheSandboxWith128More()
{
    const Ctl ctl({u"--data"_s, m_directory->filePath(u"own"_s)});
    QProcess process;
    ctl.start(process, {u"sandbox"_s, u"--json"_s});
    QTRY_VERIFY_WITH_TIMEOUT(process.bytesAvailable() > 0, 60000);
    process.terminate();
    QVERIFY(process.waitForFinished(60000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 128 + SIGTERM);
    const QString socket = m_directory->filePath(u"own/postgres/postmaster.pid"_s);
    QVERIFY(!QFile::exists(socket)); // the servers ended in an orderly way
}

void CliServersTest::aRefusedPortEndsWith5()
{
    const Ctl both({u"--pg"_s, u"host=127.0.0.1 port=1 dbname=x"_s, u"--redis"_s, u"redis://127.0.0.1:1"_s});
    for (const QStringList &arguments :
         {QStringList{u"status"_s}, QStringList{u"get"_s, u"1"_s}, QStringList{u"set"_s, u"1"_s, u"score=1"_s},
          QStringList{u"prepare"_s}, QStringList{u"verify"_s}, QStringList{u"warm"_s}, QStringList{u"drop"_s}}) {
        const CtlRun ended = both.run(arguments);
        QVERIFY2(ended.code == 5, ended.all().constData());
        QVERIFY2(ended.all().contains("PostgreSQL cannot be reached"), ended.all().constData());
    }
    const Ctl redis({u"--pg"_s, m_servers->conninfo(), u"--redis"_s, u"redis://127.0.0.1:1"_s});
    const CtlRun ended = redis.run({u"get"_s, u"1"_s});
    QVERIFY2(ended.code == 5, ended.all().constData());
    QVERIFY2(ended.err.contains("127.0.0.1:1"), ended.err.constData());
    QVERIFY2(ended.out.contains("fulano"), ended.out.constData()); // what can be read is shown
    for (const QString &command : {u"verify"_s, u"warm"_s, u"drop"_s}) {
        const CtlRun failed = redis.run({command, u"--json"_s});
        QVERIFY2(failed.code == 5, failed.all().constData());
        QVERIFY2(failed.err.contains("127.0.0.1:1"), failed.err.constData());
        QVERIFY(!failed.json().value("complete"_L1).toBool(true));
    }
}

void CliServersTest::refusedLoginsNameTheThingAndNoPassword_data()
{
    QTest::addColumn<QString>("pg"); // behind the good conninfo, where the later value counts
    QTest::addColumn<QString>("redisUser");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("wrong password") << u" password=geheim77"_s << QString() << 5 << "password"_ba;
    QTest::newRow("no such user") << u" user=nobody77 password=geheim77"_s << QString() << 5 << "nobody77"_ba;
    QTest::newRow("no such database") << u" dbname=nothing77"_s << QString() << 2 << "nothing77"_ba;
    QTest::newRow("no such host") << u" host=nohost.invalid password=geheim77"_s << QString() << 5
                                  << "nohost.invalid"_ba;
    QTest::newRow("wrong password of Redis") << QString() << u"default:geheim77@"_s << 5 << "Redis refused"_ba;
}

void CliServersTest::refusedLoginsNameTheThingAndNoPassword()
{
    QFETCH(QString, pg);
    QFETCH(QString, redisUser);
    QFETCH(int, code);
    QFETCH(QByteArray, said);
    QString url = m_servers->endpoints().tcpRedisUrl;
    if (!redisUser.isEmpty())
        url = "redis://"_L1 + redisUser + url.section(u'@', -1);
    Ctl ctl;
    ctl.setVariable(u"THROUGHLINE_PG"_s, m_servers->endpoints().tcpConninfo + pg);
    ctl.setVariable(u"THROUGHLINE_REDIS"_s, url);
    for (const QStringList &arguments : {QStringList{u"get"_s, u"1"_s}, QStringList{u"status"_s}}) {
        const CtlRun ended = ctl.run(arguments);
        if (arguments.size() == 2 || code == 5)
            QVERIFY2(ended.code == code, ended.all().constData());
        QVERIFY2(ended.all().contains(said), ended.all().constData());
        QVERIFY2(!ended.all().contains("geheim77"), ended.all().constData());
    }
}

void CliServersTest::anUnpreparedTableIsNotChangedUnasked()
{
    SchemaFixture db(*m_servers);
    QFile table(u":/sql/users.sql"_s);
    QVERIFY(table.open(QIODevice::ReadOnly));
    QVERIFY(db.run(QString::fromUtf8(table.readAll())));
    const QByteArray before = db.catalog();
    const Ctl ctl = ctlFor(db.conninfo());
    for (const QStringList &arguments :
         {QStringList{u"get"_s, u"1"_s}, QStringList{u"set"_s, u"1"_s, u"score=1"_s}, QStringList{u"generate"_s}}) {
        const CtlRun ended = ctl.run(arguments);
        QVERIFY2(ended.code == 1, ended.all().constData());
        QVERIFY2(ended.err.contains("throughlinectl prepare"), ended.err.constData());
    }
    QCOMPARE(ctl.run({u"status"_s}).code, 0);
    const CtlRun printed = ctl.run({u"prepare"_s, u"--print"_s});
    QCOMPARE(printed.code, 0);
    QVERIFY(printed.out.contains("wt_attach"));
    QCOMPARE(db.catalog(), before);
    QVERIFY2(db.run(QString::fromUtf8(printed.out)), "what is printed can be run as it is");
    QCOMPARE(db.inspect(MappingConfig::users()).preparation, Preparation::Complete);
}

void CliServersTest::preparingByCommandIsReversible()
{
    SchemaFixture db(*m_servers);
    QFile table(u":/sql/users.sql"_s);
    QVERIFY(table.open(QIODevice::ReadOnly));
    QVERIFY(db.run(QString::fromUtf8(table.readAll())));
    const QByteArray before = db.catalog();
    const Ctl ctl = ctlFor(db.conninfo());
    for (int i = 0; i < 2; ++i)
        QCOMPARE(ctl.run({u"prepare"_s}).code, 0);
    QCOMPARE(ctl.run({u"seed"_s}).code, 0);
    QCOMPARE(ctl.run({u"get"_s, u"3"_s}).code, 0);
    const QByteArray prepared = db.catalog();
    QCOMPARE(ctl.run({u"unprepare"_s, u"--print"_s}).code, 0);
    QCOMPARE(db.catalog(), prepared);
    for (int i = 0; i < 2; ++i)
        QCOMPARE(ctl.run({u"unprepare"_s}).code, 0);
    QCOMPARE(db.catalog(), before);
}

void CliServersTest::aReadOnlyEnvironmentRefusesWrites()
{
    const QString file = write(addresses() + "[safety]\nenvironment = read-only\n");
    const Ctl ctl({u"--config"_s, file});
    QCOMPARE(ctl.run({u"get"_s, u"1"_s}).code, 0);
    for (const QStringList &arguments :
         {QStringList{u"set"_s, u"1"_s, u"score=1"_s}, QStringList{u"delete"_s, u"1"_s}, QStringList{u"seed"_s},
          QStringList{u"generate"_s, u"--count"_s, u"1"_s}, QStringList{u"unprepare"_s}, QStringList{u"prepare"_s},
          QStringList{u"warm"_s}, QStringList{u"drop"_s}, QStringList{u"verify"_s, u"--repair"_s}}) {
        const CtlRun ended = ctl.run(arguments);
        QVERIFY2(ended.code == 1, ended.all().constData());
        QVERIFY2(ended.err.contains("read-only"), ended.err.constData());
    }
    QCOMPARE(ctl.run({u"prepare"_s, u"--print"_s}).code, 0); // changes nothing
    QCOMPARE(ctl.run({u"verify"_s}).code, 0);
    QCOMPARE(ctl.run({u"get"_s, u"1"_s}).code, 0);
    const QJsonObject settings = ctl.run({u"status"_s, u"--json"_s}).json().value("settings"_L1).toObject();
    QVERIFY(settings.value("environment"_L1).toObject().value("origin"_L1).toString().contains("line"_L1));
}

void CliServersTest::aProductionEnvironmentRefusesTheGenerator()
{
    const QString file = write(addresses() + "[safety]\nenvironment = production\n");
    const Ctl ctl({u"--config"_s, file});
    const CtlRun ended = ctl.run({u"generate"_s, u"--count"_s, u"1"_s});
    QVERIFY2(ended.code == 1, ended.all().constData());
    QVERIFY2(ended.err.contains("production"), ended.err.constData());
    QCOMPARE(ctl.run({u"set"_s, u"1"_s, u"score=3"_s}).code, 0);
}

void CliServersTest::aMistakeInTheFileNamesItsLine()
{
    const QString file = write("[postgres]\nconninfo = host=/tmp\nconinfo = typo\n");
    const CtlRun ended = Ctl({u"--config"_s, file}).run({u"status"_s});
    QCOMPARE(ended.code, 2);
    QVERIFY2(ended.err.contains("line 3") && ended.err.contains("coninfo"), ended.err.constData());
}

QString CliServersTest::writeProfile(const QByteArray &ini)
{
    const QString path = m_directory->filePath(u"load.ini"_s);
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(ini) == ini.size() ? path : QString();
}

void CliServersTest::aProfileIsRunAndOptionsCountMore()
{
    const QString profile = writeProfile("[workload]\nrows = sequential\nmix = update 8, insert 1, read 1\nseed = 12\n"
                                         "[fields]\nusername = counter\nemail = email\npassword_hash = words 2\n"
                                         "score = integer 5..6\n[pacing]\nrate = 1\n[run]\ncount = 40\nbatch = 4\n");
    const QString report = m_directory->filePath(u"report.json"_s);
    const Ctl ctl({u"--pg"_s, m_servers->conninfo(), u"--redis"_s, m_servers->redisUrl()});
    const CtlRun ended =
        ctl.run({u"generate"_s, profile, u"--rate"_s, u"400"_s, u"--closed"_s, u"--report"_s, report, u"--json"_s});
    QVERIFY2(ended.code == 0, ended.all().constData());
    const QJsonObject result = ended.json();
    QCOMPARE(result.value("sent"_L1).toInt(), 40);
    QVERIFY(result.value("reads"_L1).toInt() > 0);
    QCOMPARE(result.value("committed"_L1).toInt() + result.value("reads"_L1).toInt(), 40);
    QCOMPARE(result.value("pacing"_L1).toString(), u"closed loop"_s);
    QCOMPARE(result.value("seed"_L1).toString(), u"12"_s);
    QCOMPARE(result.value("keys_differing"_L1).toInt(-1), 0);
    const QString settings = result.value("settings"_L1).toString();
    QVERIFY2(settings.contains("rate = 400"_L1) && settings.contains("batch = 4"_L1), qPrintable(settings));
    QFile file(report);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QJsonDocument::fromJson(file.readAll()).object(), result);
    // What a report says of its settings is a profile again.
    const CtlRun again = ctl.run({u"generate"_s, writeProfile(settings.toUtf8()), u"--seed"_s, u"13"_s, u"--report"_s,
                                  m_directory->filePath(u"report.txt"_s)});
    QVERIFY2(again.code == 0, again.all().constData());
    QVERIFY2(again.out.contains("closed loop") && again.out.contains("0 differ"), again.out.constData());
    QFile text(m_directory->filePath(u"report.txt"_s));
    QVERIFY(text.open(QIODevice::ReadOnly));
    QVERIFY(text.readAll().contains("seed = 13"));
}

void CliServersTest::everyPathIsNamedInTheReport_data()
{
    QTest::addColumn<QString>("path");
    for (const char *path : {"direct", "staged", "messages"})
        QTest::newRow(path) << QString::fromLatin1(path);
}

void CliServersTest::everyPathIsNamedInTheReport()
{
    QFETCH(const QString, path);
    const Ctl ctl({u"--pg"_s, m_servers->conninfo(), u"--redis"_s, m_servers->redisUrl()});
    const CtlRun ended = ctl.run({u"generate"_s, u"--path"_s, path, u"--count"_s, u"30"_s, u"--json"_s});
    QVERIFY2(ended.code == 0, ended.all().constData());
    QCOMPARE(ended.json().value("path"_L1).toString(), path);
    QCOMPARE(ended.json().value("pacing"_L1).toString(), u"open loop"_s);
    QCOMPARE(ended.json().value("committed"_L1).toInt() + ended.json().value("coalesced"_L1).toInt(), 30);
    QCOMPARE(ended.json().value("keys_differing"_L1).toInt(-1), 0);
    QCOMPARE(ctl.run({u"verify"_s}).code, 0);
}

void CliServersTest::aMistakeInAProfileNamesItsLine()
{
    const QString profile = writeProfile("[workload]\nrows = zipf 0.99\n\nmix = upsert 1\n");
    const CtlRun ended = ctlFor(m_servers->conninfo()).run({u"generate"_s, profile});
    QCOMPARE(ended.code, 2);
    QVERIFY2(ended.err.contains(profile.toUtf8() + ", line 4:"), ended.err.constData());
}

void CliServersTest::aRunThatTheTableCannotTakeIsRefused()
{
    const CtlRun ended = ctlFor(m_servers->conninfo())
                             .run({u"generate"_s, writeProfile("[workload]\nmix = insert 1\n[run]\ncount = 1\n")});
    QCOMPARE(ended.code, 2);
    QVERIFY2(ended.err.contains("username"), ended.err.constData());
}

QTEST_GUILESS_MAIN(CliServersTest)
#include "tst_cliservers.moc"
