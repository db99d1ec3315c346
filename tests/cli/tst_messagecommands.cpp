// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl.h"
#include "testservers.h"

#include <QFile>
#include <QHash>
#include <QTest>

#include <csignal>
#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;

/// `produce` and `consume` as a person or a script uses them, also when they are killed.
class MessageCommandsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();

    void whatIsProducedIsConsumed();
    void theSameSeedGivesTheSameMessages();
    void oneASecondIsTheDefault();
    void aSignalEndsTheProducer();
    void aConsumerFollowsAndEndsOnASignal();
    void endedInTheMiddleTheNextGoesOn();
    void ofTwoConsumersOneIsKilled();
    void theOriginalsFileIsTaken();
    void mistakesAreNamed_data();
    void mistakesAreNamed();

private:
    [[nodiscard]] CtlRun ctl(const QStringList &arguments) const { return m_ctl->run(arguments); }
    [[nodiscard]] QByteArray sql(const QString &text)
    {
        return m_servers->scalar(m_servers->conninfo(), text).value_or(QByteArray());
    }
    [[nodiscard]] QByteArray pending(const QByteArray &group = "score-changes-consumer-group")
    {
        return m_servers->redis({"XPENDING", "score-changes", group}).value(0);
    }
    [[nodiscard]] qint64 pendingOf(const QByteArray &consumer);
    [[nodiscard]] QByteArrayList consumers();
    [[nodiscard]] QString write(const QByteArray &text);
    /// Of the newest message of each user, the users whose score is another one.
    [[nodiscard]] QByteArrayList usersWithAnotherScore();

    std::unique_ptr<TestServers> m_servers;
    std::unique_ptr<Ctl> m_ctl;
    QTemporaryDir m_directory;
};

void MessageCommandsTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
    m_ctl = std::make_unique<Ctl>(QStringList{u"--data"_s, m_servers->dataDir()});
    const CtlRun seeded = ctl({u"seed"_s, u"--users"_s, u"1000"_s, u"--warm"_s});
    QVERIFY2(seeded.code == 0, seeded.all().constData());
}

void MessageCommandsTest::cleanupTestCase()
{
    m_ctl.reset();
    m_servers.reset();
}

void MessageCommandsTest::init()
{
    m_servers->redis({"DEL", "score-changes", "score-changes-dead"});
}

QByteArrayList MessageCommandsTest::consumers()
{
    const QByteArrayList info =
        m_servers->redis({"XINFO", "CONSUMERS", "score-changes", "score-changes-consumer-group"});
    QByteArrayList names;
    for (qsizetype i = 0; i + 1 < info.size(); ++i) {
        if (info[i] == "name")
            names << info[i + 1];
    }
    return names;
}

qint64 MessageCommandsTest::pendingOf(const QByteArray &consumer)
{
    return m_servers->redis({"XPENDING", "score-changes", "score-changes-consumer-group", "-", "+", "10", consumer})
        .size();
}

QString MessageCommandsTest::write(const QByteArray &text)
{
    const QString path = m_directory.filePath(u"config.ini"_s);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(text) != text.size())
        return {};
    return path;
}

QByteArrayList MessageCommandsTest::usersWithAnotherScore()
{
    const QByteArrayList entries = m_servers->redis({"XRANGE", "score-changes", "-", "+"});
    QHash<QByteArray, QByteArray> last;
    for (qsizetype i = 0; i + 4 < entries.size(); i += 5)
        last[entries[i + 2]] = entries[i + 4];
    QByteArrayList differing;
    const auto rows = sql(u"SELECT string_agg(id || '=' || score, ' ') FROM users"_s).split(' ');
    for (const QByteArray &row : rows) {
        const QByteArrayList parts = row.split('=');
        if (const auto expected = last.constFind(parts.value(0));
            expected != last.cend() && *expected != parts.value(1))
            differing << parts.value(0);
    }
    return last.isEmpty() ? QByteArrayList{"no messages"} : differing;
}

void MessageCommandsTest::whatIsProducedIsConsumed()
{
    const CtlRun produced = ctl({u"produce"_s, u"--rate"_s, u"0"_s, u"--count"_s, u"3000"_s, u"--json"_s});
    QVERIFY2(produced.code == 0, produced.all().constData());
    QCOMPARE(produced.json().value("sent"_L1).toInt(), 3000);
    QCOMPARE(m_servers->redis({"XLEN", "score-changes"}).value(0), "3000");
    m_servers->redis({"XADD", "score-changes", "*", "key", "0", "value", "poison"});
    const CtlRun consumed = ctl({u"consume"_s, u"--once"_s, u"--json"_s});
    QVERIFY2(consumed.code == 0, consumed.all().constData());
    const QJsonObject result = consumed.json();
    QCOMPARE(result.value("received"_L1).toInt(), 3001);
    QCOMPARE(result.value("applied"_L1).toInt() + result.value("superseded"_L1).toInt(), 3000);
    QCOMPARE(result.value("dead_lettered"_L1).toInt(), 1);
    QCOMPARE(result.value("trimmed"_L1).toInt(), 0);
    QCOMPARE(result.value("pending"_L1).toInt(), 0);
    QVERIFY(result.value("row_versions"_L1).toInt() > 1000);
    QVERIFY(consumed.err.contains("score-changes-dead") && !consumed.err.contains("poison"));
    QCOMPARE(usersWithAnotherScore(), QByteArrayList());
    QCOMPARE(ctl({u"verify"_s}).code, 0);
    QVERIFY(ctl({u"consume"_s, u"--once"_s}).out.startsWith("received 0 "));
}

void MessageCommandsTest::theSameSeedGivesTheSameMessages()
{
    QByteArrayList first, second;
    for (QByteArrayList *entries : {&first, &second}) {
        m_servers->redis({"DEL", "score-changes"});
        QCOMPARE(ctl({u"produce"_s, u"--rate"_s, u"0"_s, u"--count"_s, u"20"_s, u"--seed"_s, u"7"_s}).code, 0);
        const QByteArrayList all = m_servers->redis({"XRANGE", "score-changes", "-", "+"});
        for (qsizetype i = 0; i + 4 < all.size(); i += 5)
            *entries << all.mid(i + 1, 4);
    }
    QCOMPARE(first.size(), 80);
    QCOMPARE(first.mid(0, 1) + first.mid(2, 1), (QByteArrayList{"key", "value"}));
    QCOMPARE(second, first);
}

void MessageCommandsTest::oneASecondIsTheDefault()
{
    const CtlRun produced = ctl({u"produce"_s, u"--count"_s, u"2"_s, u"--json"_s});
    QVERIFY2(produced.code == 0, produced.all().constData());
    const double elapsed = produced.json().value("elapsed_s"_L1).toDouble();
    QVERIFY2(elapsed >= 1 && elapsed < 5, produced.all().constData());
}

void MessageCommandsTest::aSignalEndsTheProducer()
{
    QProcess producer;
    m_ctl->start(producer, {u"produce"_s, u"--rate"_s, u"50"_s, u"--json"_s});
    QVERIFY(QTest::qWaitFor([&] { return m_servers->redis({"XLEN", "score-changes"}).value(0).toInt() > 10; }, 30000));
    producer.terminate();
    QVERIFY(producer.waitForFinished(20000));
    QCOMPARE(producer.exitCode(), 128 + SIGTERM);
    const CtlRun last{0, producer.readAllStandardOutput(), {}};
    QCOMPARE(last.json().value("sent"_L1).toInt(), m_servers->redis({"XLEN", "score-changes"}).value(0).toInt());
}

void MessageCommandsTest::aConsumerFollowsAndEndsOnASignal()
{
    QProcess consumer;
    m_ctl->start(consumer, {u"consume"_s, u"--json"_s});
    QVERIFY(QTest::qWaitFor([&] { return consumers().size() == 1; }, 30000));
    m_servers->redis({"XADD", "score-changes", "*", "key", "3", "value", R"({"score": 5, "first": "Ana"})"});
    QTRY_COMPARE_WITH_TIMEOUT(m_servers->redis({"HMGET", "users:3", "score", "first"}), (QByteArrayList{"5", "Ana"}),
                              30000);
    consumer.terminate();
    QVERIFY(consumer.waitForFinished(20000));
    QCOMPARE(consumer.exitCode(), 0);
    const CtlRun last{0, consumer.readAllStandardOutput(), {}};
    QCOMPARE(last.json().value("applied"_L1).toInt(), 1);
    QVERIFY(last.json().value("result"_L1).toBool());
    QCOMPARE(consumers(), QByteArrayList()); // it has left the group
    QCOMPARE(pending(), "0");
}

void MessageCommandsTest::endedInTheMiddleTheNextGoesOn()
{
    QProcess consumer;
    m_ctl->start(consumer, {u"consume"_s, u"--batch"_s, u"20"_s, u"--json"_s});
    QVERIFY(QTest::qWaitFor([&] { return consumers().size() == 1; }, 30000));
    QCOMPARE(ctl({u"produce"_s, u"--rate"_s, u"0"_s, u"--count"_s, u"6000"_s}).code, 0);
    consumer.terminate();
    QVERIFY(consumer.waitForFinished(20000));
    QCOMPARE(consumer.exitCode(), 0);
    QCOMPARE(pending(), "0"); // the batch in hand was finished
    const CtlRun first{0, consumer.readAllStandardOutput(), {}};
    const CtlRun second = ctl({u"consume"_s, u"--once"_s, u"--json"_s});
    QCOMPARE(second.code, 0);
    QCOMPARE(first.json().value("received"_L1).toInt() + second.json().value("received"_L1).toInt(), 6000);
    QCOMPARE(usersWithAnotherScore(), QByteArrayList());
}

void MessageCommandsTest::ofTwoConsumersOneIsKilled()
{
    const QStringList consume{u"consume"_s, u"--batch"_s, u"60"_s, u"--claim-after"_s, u"1"_s, u"--json"_s};
    QProcess killed, other, producer;
    m_ctl->start(killed, consume);
    QVERIFY(QTest::qWaitFor([&] { return consumers().size() == 1; }, 30000));
    const QByteArray victim = consumers().value(0);
    m_ctl->start(other, consume);
    QVERIFY(QTest::qWaitFor([&] { return consumers().size() == 2; }, 30000));
    QCOMPARE(ctl({u"produce"_s, u"--rate"_s, u"0"_s, u"--count"_s, u"6000"_s}).code, 0);
    // Killed with messages in hand: stopped again and again until it holds some.
    const auto stoppedInHand = [&] {
        ::kill(static_cast<pid_t>(killed.processId()), SIGSTOP);
        if (pendingOf(victim) > 0)
            return true;
        ::kill(static_cast<pid_t>(killed.processId()), SIGCONT);
        return false;
    };
    QVERIFY(QTest::qWaitFor(stoppedInHand, 30000));
    killed.kill();
    QVERIFY(killed.waitForFinished(20000));
    // More messages for the same users while those of the killed one wait to be claimed: newer ones overtake them.
    QCOMPARE(ctl({u"produce"_s, u"--rate"_s, u"0"_s, u"--count"_s, u"2000"_s}).code, 0);
    const auto drained = [&] {
        const QByteArrayList groups = m_servers->redis({"XINFO", "GROUPS", "score-changes"});
        return pending() == "0" && groups.value(groups.indexOf("lag") + 1) == "0";
    };
    QVERIFY(QTest::qWaitFor(drained, 60000));
    other.terminate();
    QVERIFY(other.waitForFinished(20000));
    QCOMPARE(other.exitCode(), 0);
    QCOMPARE(usersWithAnotherScore(), QByteArrayList());
    const CtlRun last{0, other.readAllStandardOutput(), {}};
    QCOMPARE(last.json().value("dead_lettered"_L1).toInt(), 0);
    QVERIFY(last.json().value("received"_L1).toInt() > 2000);
    QCOMPARE(ctl({u"gateway"_s, u"--once"_s}).code, 0);
    const CtlRun verified = ctl({u"verify"_s});
    QVERIFY2(verified.code == 0, verified.all().constData());
}

void MessageCommandsTest::theOriginalsFileIsTaken()
{
    const QString file = write("[default]\nbootstrap.servers=localhost:9092\n\n[consumer]\ngroup.id=mine\n"
                               "# from the beginning\nauto.offset.reset=earliest\n\n[producer]\nacks=all\n");
    const CtlRun produced = ctl({u"produce"_s, file, u"--rate"_s, u"0"_s, u"--count"_s, u"10"_s});
    QVERIFY2(produced.code == 0, produced.all().constData());
    const CtlRun consumed = ctl({u"consume"_s, file, u"--once"_s, u"--json"_s});
    QVERIFY2(consumed.code == 0, consumed.all().constData());
    QCOMPARE(consumed.json().value("received"_L1).toInt(), 10);
    QVERIFY(consumed.err.contains("bootstrap.servers, auto.offset.reset, acks"));
    QCOMPARE(pending("mine"), "0");
    // Another group gets the same messages, and they were applied.
    const CtlRun again = ctl({u"consume"_s, u"--once"_s, u"--json"_s});
    QCOMPARE(again.json().value("received"_L1).toInt(), 10);
    QCOMPARE(again.json().value("superseded"_L1).toInt(), 10);
}

void MessageCommandsTest::mistakesAreNamed_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("word");
    QTest::newRow("no such file") << QStringList{u"consume"_s, u"/nonexistent.ini"_s} << QByteArray("/nonexistent.ini");
    QTest::newRow("two files") << QStringList{u"produce"_s, u"a"_s, u"b"_s} << QByteArray("one file");
    QTest::newRow("rate") << QStringList{u"produce"_s, u"--rate"_s, u"-1"_s} << QByteArray("--rate");
    QTest::newRow("batch") << QStringList{u"consume"_s, u"--batch"_s, u"0"_s} << QByteArray("--batch");
    QTest::newRow("section") << QStringList{u"consume"_s, write("[consumer]\ngroup.id=a\n[kafka]\n")}
                             << QByteArray("line 3");
}

void MessageCommandsTest::mistakesAreNamed()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, word);
    const CtlRun run = ctl(arguments);
    QCOMPARE(run.code, 2);
    QVERIFY2(run.err.contains(word), run.all().constData());
}

QTEST_GUILESS_MAIN(MessageCommandsTest)
#include "tst_messagecommands.moc"
