// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl.h"
#include "testservers.h"

#include <QFile>
#include <QJsonArray>
#include <QTest>

#include <csignal>
#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

const QStringList commands{u"sandbox"_s, u"status"_s, u"prepare"_s, u"unprepare"_s, u"seed"_s,
                           u"get"_s,     u"set"_s,    u"add"_s,     u"delete"_s,    u"generate"_s,
                           u"verify"_s,  u"warm"_s,   u"drop"_s,    u"gateway"_s};

} // namespace

/// The real throughlinectl beside running private servers: what scripts rely on, exit codes first.
class CliTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void everyCommandHasHelpWithAnExample();
    void theFirstCommandFindsThreeUsersInBothStores();
    void malformedCommandLinesEndWith2_data();
    void malformedCommandLinesEndWith2();
    void refusedEditsEndWith1AndRepeatNoValue_data();
    void refusedEditsEndWith1AndRepeatNoValue();
    void getShowsBothStoresSideBySide();
    void keysMayBeWrittenInAnotherWay();
    void getEndsWith3WhereTheStoresDiffer();
    void setTakesColumnsHashFieldsEmptyTextAndNull();
    void addAndDeleteReachBothStores();
    void seedingTwiceAddsNothing();
    void warmSeedingCachesEveryNewUser();
    void generateVerifiesWhatItTouched();
    void verifyFindsAndRepairsDifferences();
    void verifyNamesNoValues();
    void verifyTakesKeys();
    void warmAndDropReachAllOrGivenRows();
    void aSignalEndsALongCommandWithWhatWasDone();
    void statusTellsWhereEachSettingIsFrom();
    void aPausedRedisEndsWith6();

private:
    [[nodiscard]] CtlRun run(const QStringList &arguments) const { return m_ctl->run(arguments); }
    [[nodiscard]] QByteArray sql(const QString &text)
    {
        return m_servers->scalar(m_servers->conninfo(), text).value_or("NULL");
    }

    std::unique_ptr<TestServers> m_servers;
    std::unique_ptr<Ctl> m_ctl;
};

void CliTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
    m_ctl = std::make_unique<Ctl>(QStringList{u"--data"_s, m_servers->dataDir()});
}

void CliTest::cleanupTestCase()
{
    m_servers.reset();
}

void CliTest::everyCommandHasHelpWithAnExample()
{
    const CtlRun overview = run({u"help"_s});
    QCOMPARE(overview.code, 0);
    QVERIFY(overview.err.isEmpty());
    for (const QString &command : commands) {
        QVERIFY2(overview.out.contains("\n  " + command.toUtf8() + ' '), qPrintable(command));
        const CtlRun help = run({u"help"_s, command});
        QCOMPARE(help.code, 0);
        QVERIFY2(help.out.contains("Example: throughlinectl " + command.toUtf8()), help.out.constData());
        QCOMPARE(run({command, u"--help"_s}).out, help.out);
    }
    QCOMPARE(run({}).out, overview.out);
    QCOMPARE(run({u"--help"_s}).out, overview.out);
    QVERIFY(run({u"--version"_s}).out.startsWith("throughlinectl "));
}

void CliTest::theFirstCommandFindsThreeUsersInBothStores()
{
    for (const QString &key : {u"1"_s, u"2"_s, u"3"_s}) {
        const CtlRun shown = run({u"get"_s, key});
        QVERIFY2(shown.code == 0, shown.all().constData());
        QVERIFY(shown.out.contains("users:" + key.toUtf8() + " v"));
    }
    QCOMPARE(sql(u"SELECT string_agg(username, ' ' ORDER BY id) FROM users"_s), "fulano beltrano sicrano");
    QCOMPARE(sql(u"SELECT nextval('users_id_seq')"_s), "4");
}

void CliTest::malformedCommandLinesEndWith2_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char *name, const char *line, const char *said) {
        QTest::newRow(name) << QString::fromLatin1(line).split(u' ') << QByteArray(said);
    };
    row("unknown command", "frobnicate", "frobnicate");
    row("help of an unknown command", "help frobnicate", "frobnicate");
    row("unknown option of the program", "--frob get 1", "frob");
    row("unknown option of a command", "get --frob 1", "frob");
    row("no key", "get", "takes one key");
    row("two keys", "get 1 2", "takes one key");
    row("nothing to set", "set 1", "nothing to write");
    row("delete with a value", "delete 1 score=1", "one key");
    row("unknown column", "set 1 colour=red", "colour");
    row("no equals sign", "set 1 score", "score");
    row("a column twice", "set 1 first=a first_name=b", "first_name is given twice");
    row("rate is no number", "generate --rate fast", "--rate");
    row("too many connections", "generate --connections 65", "--connections");
    row("two profiles", "generate a.ini b.ini", "one profile");
    row("a profile that is not there", "generate /nonexistent/a.ini", "/nonexistent/a.ini");
    row("no such path", "generate --path sideways", "--path");
    row("no user", "seed --users 0", "--users");
    row("words after status", "status now", "no arguments");
    row("words after verify", "verify 1", "--keys");
    row("words after warm", "warm 1", "--keys");
    row("words after drop", "drop 1", "--keys");
    row("no keys", "verify --keys ,", "--keys");
    row("no seconds", "gateway --every 0", "--every");
    row("metrics for everybody", "gateway --metrics 0.0.0.0:9187", "loopback");
    row("two ways at once", "gateway --once --health", "alone");
    row("words after prepare", "prepare users", "no arguments");
    row("no such file", "--config /nonexistent.ini status", "/nonexistent.ini");
    row("only one store", "--pg host=/tmp status", "--redis");
    row("unreadable conninfo", "--pg hosttmp --redis redis://localhost status", "--pg");
    row("unreadable URL", "--pg host=/tmp --redis http://localhost status", "--redis");
}

void CliTest::malformedCommandLinesEndWith2()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, said);
    const CtlRun ended = run(arguments);
    QVERIFY2(ended.code == 2, ended.all().constData());
    QVERIFY2(ended.err.contains(said), ended.err.constData());
    QVERIFY(ended.out.isEmpty());
}

void CliTest::refusedEditsEndWith1AndRepeatNoValue_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<QByteArray>("unsaid");
    QTest::newRow("no number") << QStringList{u"set"_s, u"1"_s, u"score=secret77"_s} << "score"_ba
                               << "secret77"_ba;
    QTest::newRow("too large") << QStringList{u"set"_s, u"1"_s, u"score=77777777777"_s} << "score"_ba
                               << "77777777777"_ba;
    QTest::newRow("no date") << QStringList{u"set"_s, u"1"_s, u"dob=1981-02-30"_s} << "date_of_birth"_ba
                             << "1981-01-01"_ba;
    QTest::newRow("NULL in a column that has none") << QStringList{u"set"_s, u"1"_s, u"email:null"_s} << "email"_ba
                                                    << "detal.com"_ba;
    QTest::newRow("taken") << QStringList{u"set"_s, u"1"_s, u"username=sicrano"_s} << "username"_ba
                           << "sicrano"_ba;
    QTest::newRow("no such row") << QStringList{u"set"_s, u"99"_s, u"score=1"_s} << "99"_ba
                                 << "score=1"_ba;
    QTest::newRow("no such row to delete") << QStringList{u"delete"_s, u"99"_s} << "99"_ba
                                           << "score"_ba;
    QTest::newRow("key is no number") << QStringList{u"get"_s, u"abc"_s} << "id"_ba
                                      << "abc"_ba;
    QTest::newRow("not enough columns") << QStringList{u"add"_s, u"username=secret77"_s} << "NULL"_ba
                                        << "secret77"_ba;
    QTest::newRow("neither store holds it") << QStringList{u"get"_s, u"99"_s} << "users:99"_ba
                                            << "score=1"_ba;
}

void CliTest::refusedEditsEndWith1AndRepeatNoValue()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, said);
    QFETCH(QByteArray, unsaid);
    const QByteArray before = sql(u"SELECT string_agg(users::text, ' ' ORDER BY id) FROM users"_s);
    const CtlRun ended = run(arguments);
    QVERIFY2(ended.code == 1, ended.all().constData());
    QVERIFY2(ended.err.contains(said), ended.err.constData());
    QVERIFY2(!ended.err.contains(unsaid), ended.err.constData());
    QCOMPARE(sql(u"SELECT string_agg(users::text, ' ' ORDER BY id) FROM users"_s), before);
}

void CliTest::getShowsBothStoresSideBySide()
{
    const CtlRun text = run({u"get"_s, u"1"_s});
    QCOMPARE(text.code, 0);
    const QList<QByteArray> lines = text.out.split('\n');
    QVERIFY2(lines[0].contains("PostgreSQL public.users v") && lines[0].contains("Redis users:1 v"),
             lines[0].constData());
    QCOMPARE(lines[1].simplified(), "username fulano fulano");
    QVERIFY(!text.all().contains("d1e8a70b"));
    const CtlRun json = run({u"--json"_s, u"get"_s, u"1"_s});
    QCOMPARE(json.code, 0);
    QVERIFY(!json.all().contains("d1e8a70b"));
    const QJsonObject pair = json.json();
    QCOMPARE(pair.value("key"_L1).toString(), u"1"_s);
    QCOMPARE(pair.value("state"_L1).toString(), u"same"_s);
    QCOMPARE(pair.value("version"_L1).toInteger(), pair.value("cached_version"_L1).toString().toLongLong());
    const QJsonObject username = pair.value("fields"_L1).toObject().value("username"_L1).toObject();
    QCOMPARE(username.value("postgres"_L1).toString(), u"fulano"_s);
    QCOMPARE(username.value("redis"_L1).toString(), u"fulano"_s);
}

void CliTest::keysMayBeWrittenInAnotherWay()
{
    QVERIFY(
        m_servers->execute(m_servers->conninfo(),
                           u"INSERT INTO users(id, username, email, password_hash) VALUES (7, 'seven', '7', 'x')"_s));
    const CtlRun ended = run({u"set"_s, u"007"_s, u"score=70"_s});
    QVERIFY2(ended.code == 0, ended.all().constData());
    QVERIFY(ended.err.contains("users:7 "));
    QCOMPARE(m_servers->redis({"HGET", "users:7", "score"}).value(0), "70");
    QCOMPARE(m_servers->redis({"EXISTS", "users:007"}).value(0), "0");
    QCOMPARE(run({u"delete"_s, u"+7"_s}).code, 0);
}

void CliTest::getEndsWith3WhereTheStoresDiffer()
{
    m_servers->redis({"HSET", "users:2", "score", "12345"});
    const CtlRun ended = run({u"get"_s, u"2"_s});
    QCOMPARE(ended.code, 3);
    QVERIFY2(ended.out.simplified().contains("score 0 12345 ! differs"), ended.out.constData());
    QCOMPARE(run({u"get"_s, u"2"_s, u"--json"_s}).json().value("state"_L1).toString(), u"differs"_s);
    QCOMPARE(run({u"set"_s, u"2"_s, u"score=1"_s}).code, 0);
    QCOMPARE(run({u"get"_s, u"2"_s}).code, 0);
    m_servers->redis({"HSET", "users:55", "version", "1"});
    QCOMPARE(run({u"get"_s, u"55"_s}).code, 3);
    m_servers->redis({"DEL", "users:55", "users:2"});
    QCOMPARE(run({u"get"_s, u"2"_s}).code, 0); // not cached is no fault
}

void CliTest::setTakesColumnsHashFieldsEmptyTextAndNull()
{
    const CtlRun ended = run({u"set"_s, u"1"_s, u"first="_s, u"last_name:null"_s, u"dob=1990-05-06"_s, u"score= 42 "_s,
                              u"email=a=b:null@example.org"_s});
    QVERIFY2(ended.code == 0, ended.all().constData());
    QVERIFY(ended.out.isEmpty());
    QCOMPARE(
        sql(u"SELECT concat_ws('|', first_name, last_name IS NULL, date_of_birth, score, email) FROM users WHERE id = 1"_s),
        "|t|1990-05-06|42|a=b:null@example.org");
    QCOMPARE(m_servers->redis({"HMGET", "users:1", "first", "last", "dob", "score"}),
             QByteArrayList({"", QByteArray(), "1990-05-06", "42"}));
    const QJsonObject json = run({u"--json"_s, u"set"_s, u"1"_s, u"first=Ana"_s}).json();
    QCOMPARE(json.value("verdict"_L1).toString(), u"committed"_s);
    QCOMPARE(json.value("hash"_L1).toString(), u"users:1"_s);
    QVERIFY(json.value("postgres_ms"_L1).toDouble() > 0);
}

void CliTest::addAndDeleteReachBothStores()
{
    const CtlRun added = run({u"--json"_s, u"add"_s, u"username=ana"_s, u"email=ana@example.org"_s, u"pwhash=x"_s});
    QVERIFY2(added.code == 0, added.all().constData());
    const QString key = added.json().value("key"_L1).toString();
    QCOMPARE(m_servers->redis({"HGET", "users:" + key.toUtf8(), "username"}).value(0), "ana");
    QCOMPARE(run({u"get"_s, key}).code, 0);
    QCOMPARE(run({u"delete"_s, key}).code, 0);
    QCOMPARE(m_servers->redis({"EXISTS", "users:" + key.toUtf8()}).value(0), "0");
    QCOMPARE(sql(u"SELECT count(*) FROM users WHERE username = 'ana'"_s), "0");
}

void CliTest::seedingTwiceAddsNothing()
{
    const QByteArray before = sql(u"SELECT string_agg(users::text, ' ' ORDER BY id) FROM users"_s);
    for (int i = 0; i < 2; ++i) {
        const CtlRun ended = run({u"seed"_s, u"--json"_s});
        QVERIFY2(ended.code == 0, ended.all().constData());
        QCOMPARE(ended.json().value("added"_L1).toInt(-1), 0);
    }
    QCOMPARE(sql(u"SELECT string_agg(users::text, ' ' ORDER BY id) FROM users"_s), before);
    QCOMPARE(run({u"delete"_s, u"3"_s}).code, 0);
    QCOMPARE(run({u"seed"_s, u"--json"_s}).json().value("added"_L1).toInt(), 1);
    QCOMPARE(run({u"get"_s, u"3"_s}).code, 0);
}

void CliTest::warmSeedingCachesEveryNewUser()
{
    const CtlRun cold = run({u"seed"_s, u"--users"_s, u"50"_s, u"--json"_s});
    QVERIFY2(cold.code == 0, cold.all().constData());
    const qsizetype cached = m_servers->redis({"KEYS", "users:*"}).size();
    const CtlRun ended = run({u"seed"_s, u"--users"_s, u"100"_s, u"--warm"_s, u"--json"_s});
    QVERIFY2(ended.code == 0, ended.all().constData());
    QCOMPARE(ended.json().value("added"_L1).toInt(), 100);
    QCOMPARE(ended.json().value("cached"_L1).toInt(), 100);
    QCOMPARE(m_servers->redis({"KEYS", "users:*"}).size(), cached + 100);
    QCOMPARE(run({u"get"_s, QString::fromLatin1(sql(u"SELECT max(id) FROM users"_s))}).code, 0);
}

void CliTest::generateVerifiesWhatItTouched()
{
    const CtlRun ended =
        run({u"generate"_s, u"--count"_s, u"400"_s, u"--connections"_s, u"2"_s, u"--seed"_s, u"5"_s, u"--json"_s});
    QVERIFY2(ended.code == 0, ended.all().constData());
    const QJsonObject result = ended.json();
    QVERIFY(result.value("result"_L1).toBool());
    QCOMPARE(result.value("sent"_L1).toInt(), 400);
    QCOMPARE(result.value("committed"_L1).toInt(), 400);
    QCOMPARE(result.value("seed"_L1).toString(), u"5"_s);
    QVERIFY(result.value("keys_touched"_L1).toInt() > 50);
    QCOMPARE(result.value("keys_verified"_L1), result.value("keys_touched"_L1));
    QCOMPARE(result.value("keys_differing"_L1).toInt(-1), 0);
    QVERIFY(result.value("service"_L1).toObject().value("p99_ms"_L1).toDouble() > 0);
    QCOMPARE(
        sql(u"SELECT min(score) >= 1000 AND max(score) <= 999999 FROM users WHERE version > (SELECT max(version) - 100 FROM users)"_s),
        "t");
    const CtlRun text = run({u"generate"_s, u"--duration"_s, u"0.5"_s, u"--rate"_s, u"40"_s});
    QCOMPARE(text.code, 0);
    QVERIFY2(text.out.contains("0 differ"), text.out.constData());
}

void CliTest::verifyFindsAndRepairsDifferences()
{
    QCOMPARE(run({u"warm"_s}).code, 0);
    const CtlRun equal = run({u"verify"_s, u"--json"_s});
    QVERIFY2(equal.code == 0, equal.all().constData());
    QVERIFY2(!equal.err.contains('\r'), equal.err.constData()); // progress is for terminals
    QCOMPARE(QByteArray::number(equal.json().value("rows"_L1).toInteger()), sql(u"SELECT count(*) FROM users"_s));
    QCOMPARE(equal.json().value("differing"_L1).toInt(-1), 0);
    QCOMPARE(equal.json().value("not_cached"_L1).toInt(-1), 0);
    QVERIFY(equal.json().value("complete"_L1).toBool());
    m_servers->redis({"HSET", "users:1", "score", "55555"});
    m_servers->redis({"HDEL", "users:2", "dob"});
    m_servers->redis({"HSET", "users:99999", "version", "1"});
    const CtlRun found = run({u"verify"_s, u"--json"_s});
    QVERIFY2(found.code == 3, found.all().constData());
    QCOMPARE(found.json().value("differing"_L1).toInt(), 3);
    const QJsonObject kinds = found.json().value("by_kind"_L1).toObject();
    QCOMPARE(kinds.value("stale"_L1).toInt(), 1);
    QCOMPARE(kinds.value("missing-in-cache"_L1).toInt(), 1);
    QCOMPARE(kinds.value("orphan"_L1).toInt(), 1);
    const QJsonObject first = found.json().value("first"_L1).toArray().at(0).toObject();
    QCOMPARE(first.value("key"_L1).toString(), u"1"_s);
    QCOMPARE(first.value("fields"_L1).toObject().value("score"_L1).toString(), u"stale"_s);
    QCOMPARE(run({u"verify"_s, u"--quick"_s, u"--json"_s}).json().value("differing"_L1).toInt(), 1);
    const CtlRun repaired = run({u"verify"_s, u"--repair"_s, u"--json"_s});
    QVERIFY2(repaired.code == 0, repaired.all().constData());
    QCOMPARE(repaired.json().value("differing"_L1).toInt(), 3);
    QCOMPARE(repaired.json().value("repaired"_L1).toInt(), 3);
    QCOMPARE(run({u"verify"_s}).code, 0);
}

void CliTest::verifyNamesNoValues()
{
    m_servers->redis({"HSET", "users:1", "pwhash", "secret77", "first", "secret78"});
    const CtlRun text = run({u"verify"_s});
    QVERIFY2(text.code == 3, text.all().constData());
    QVERIFY2(text.out.contains("users:1  password_hash stale, first_name stale"), text.out.constData());
    QVERIFY2(text.err.contains("--repair"), text.err.constData());
    const CtlRun json = run({u"verify"_s, u"--json"_s});
    QCOMPARE(json.code, 3);
    QVERIFY(!text.all().contains("secret7") && !json.all().contains("secret7"));
    QVERIFY(!text.all().contains("fulano") && !json.all().contains("d1e8a70b"));
    QCOMPARE(run({u"verify"_s, u"--repair"_s}).code, 0);
}

void CliTest::verifyTakesKeys()
{
    m_servers->redis({"HSET", "users:1", "score", "55555"});
    QCOMPARE(run({u"verify"_s, u"--keys"_s, u"2,3"_s}).code, 0);
    const CtlRun found = run({u"verify"_s, u"--keys"_s, u"2,001,+1"_s, u"--json"_s});
    QVERIFY2(found.code == 3, found.all().constData());
    QCOMPARE(found.json().value("rows"_L1).toInt(), 2);
    const CtlRun wrong = run({u"verify"_s, u"--keys"_s, u"2,abc"_s});
    QVERIFY2(wrong.code == 1, wrong.all().constData());
    QCOMPARE(run({u"verify"_s, u"--repair"_s, u"--keys"_s, u"1"_s}).code, 0);
    QCOMPARE(run({u"get"_s, u"1"_s}).code, 0);
}

void CliTest::warmAndDropReachAllOrGivenRows()
{
    const qint64 rows = sql(u"SELECT count(*) FROM users"_s).toLongLong();
    m_servers->redis({"SET", "users:count", "5"}); // somebody else's
    QCOMPARE(run({u"warm"_s}).code, 0);
    const CtlRun some = run({u"drop"_s, u"--keys"_s, u"1,2,99999"_s, u"--json"_s});
    QVERIFY2(some.code == 0, some.all().constData());
    QCOMPARE(some.json().value("dropped"_L1).toInt(), 2);
    QCOMPARE(run({u"verify"_s, u"--json"_s}).json().value("not_cached"_L1).toInt(), 2);
    const CtlRun one = run({u"warm"_s, u"--keys"_s, u"1,3,99999"_s, u"--json"_s});
    QVERIFY2(one.code == 0, one.all().constData());
    QCOMPARE(one.json().value("filled"_L1).toInt(), 1);
    QCOMPARE(run({u"warm"_s, u"--json"_s}).json().value("filled"_L1).toInt(), 1);
    const CtlRun all = run({u"drop"_s, u"--json"_s});
    QCOMPARE(all.code, 0);
    QCOMPARE(all.json().value("dropped"_L1).toInteger(), rows);
    QCOMPARE(m_servers->redis({"KEYS", "*users:*"}), QByteArrayList{"users:count"});
    const CtlRun filled = run({u"warm"_s});
    QCOMPARE(filled.code, 0);
    QVERIFY2(filled.out.contains(QByteArray::number(rows) + " put into the cache"), filled.out.constData());
    QCOMPARE(run({u"verify"_s}).code, 0);
    m_servers->redis({"DEL", "users:count"});
}

void CliTest::aSignalEndsALongCommandWithWhatWasDone()
{
    m_servers->redis({"CLIENT", "PAUSE", "600000", "WRITE"}); // scripts wait, everything else is answered
    QProcess process;
    m_ctl->start(process, {u"warm"_s, u"--json"_s});
    const auto waiting = [&] { return m_servers->redis({"CLIENT", "LIST"}).value(0).contains("cmd=evalsha"); };
    const bool waited = QTest::qWaitFor(waiting, 20000);
    process.terminate();
    const bool ended = process.waitForFinished(20000);
    m_servers->redis({"CLIENT", "UNPAUSE"});
    QVERIFY(waited && ended);
    const CtlRun run{process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    QVERIFY2(run.code == 128 + SIGTERM, run.all().constData());
    QVERIFY2(!run.json().value("complete"_L1).toBool(true), run.all().constData());
    QCOMPARE(run.json().value("rows"_L1).toInt(-1), 0);
}

void CliTest::statusTellsWhereEachSettingIsFrom()
{
    const CtlRun ended = run({u"status"_s, u"--json"_s});
    QVERIFY2(ended.code == 0, ended.all().constData());
    const QJsonObject status = ended.json();
    QVERIFY(status.value("postgres"_L1).toObject().value("reachable"_L1).toBool());
    QVERIFY(status.value("redis"_L1).toObject().value("reachable"_L1).toBool());
    QCOMPARE(status.value("table"_L1).toObject().value("preparation"_L1).toString(), u"complete"_s);
    const QJsonObject settings = status.value("settings"_L1).toObject();
    const auto originOf = [&](QLatin1StringView name) {
        return settings.value(name).toObject().value("origin"_L1).toString();
    };
    QCOMPARE(originOf("postgres"_L1), u"sandbox"_s);
    QCOMPARE(originOf("environment"_L1), u"default"_s);
    QCOMPARE(originOf("data"_L1), u"--data"_s);
    const CtlRun text = run({u"status"_s});
    QCOMPARE(text.code, 0);
    QVERIFY2(text.out.contains("complete (version "), text.out.constData());
}

void CliTest::aPausedRedisEndsWith6()
{
    m_servers->pauseRedis();
    const CtlRun ended = run({u"set"_s, u"1"_s, u"score=66"_s});
    m_servers->resumeRedis();
    QVERIFY2(ended.code == 6, ended.all().constData());
    QVERIFY2(ended.err.contains("saved in PostgreSQL; the cache follows"), ended.err.constData());
    QCOMPARE(sql(u"SELECT score FROM users WHERE id = 1"_s), "66");
}

QTEST_GUILESS_MAIN(CliTest)
#include "tst_cli.moc"
