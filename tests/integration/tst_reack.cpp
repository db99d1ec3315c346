// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stagedwrites.h"
#include "engine/upkeep.h"
#include "testclients.h"
#include "usersfixture.h"

#include <QTest>

#include <functional>
#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Answers to staged writes outlive Redis: whoever recovers it gives them again, each after its row.
class ReackTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();

    void lostAnswersAreGivenAgain_data();
    void lostAnswersAreGivenAgain();
    void theRowIsPushedBeforeItsAnswer();
    void aRowThatIsGoneLeavesTheCache();
    void answersThatAreThereAreNotRepeated();
    void bothAnswersOfOneIdAreGivenAgain();
    void whatNobodyWaitsForIsNotAnswered();
    void manyAnswers();

private:
    [[nodiscard]] bool sql(const QString &text) { return m_servers->execute(m_users.settings.conninfo, text); }
    [[nodiscard]] QByteArray value(const QString &text)
    {
        return m_servers->scalar(m_users.settings.conninfo, text).value_or("(null)");
    }
    QByteArrayList redis(const QByteArrayList &command) { return m_servers->redis(command); }
    [[nodiscard]] QByteArray cached(const char *key, const char *field)
    {
        return redis({"HGET", QByteArray("users:") + key, field}).value(0);
    }
    /// What follows `status` in the stream, and the text of a failure.
    [[nodiscard]] QByteArray answer(const QByteArray &key, const QByteArray &uuid);
    [[nodiscard]] bool stage(const QByteArray &key, const QByteArrayList &fields, const QByteArray &uuid);
    [[nodiscard]] bool recover();

    std::unique_ptr<TestServers> m_servers;
    UsersFixture m_users;
    std::unique_ptr<StagedWrites> m_staged;
    std::unique_ptr<Upkeep> m_upkeep;
};

void ReackTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
}

void ReackTest::cleanupTestCase()
{
    m_staged.reset();
    m_upkeep.reset();
    m_servers.reset();
}

void ReackTest::init()
{
    m_staged.reset();
    m_upkeep.reset();
    m_users = UsersFixture::make(*m_servers);
    QVERIFY2(m_users.error.isEmpty(), qPrintable(m_users.error));
    m_users.settings.retention = 200ms;
    m_users.settings.heartbeatInterval = 20ms;
    m_users.settings.orphanInterval = 100ms;
    m_users.settings.firstRetry = 20ms;
    m_users.settings.lastRetry = 100ms;
    m_staged = std::make_unique<StagedWrites>(std::vector{m_users.mapping}, m_users.settings, nullptr);
    m_upkeep = std::make_unique<Upkeep>(std::vector{m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(recover());
}

QByteArray ReackTest::answer(const QByteArray &key, const QByteArray &uuid)
{
    const QByteArrayList entries = redis({"XRANGE", "{users:" + key + '}' + uuid, "-", "+"});
    QByteArray text;
    for (qsizetype i = 0; i + 1 < entries.size(); ++i) {
        if (entries[i] == "status")
            text += (text.isEmpty() ? "" : ", ") + entries[i + 1];
        else if (entries[i] == "error")
            text += ' ' + entries[i + 1].split(':').front();
    }
    return text;
}

bool ReackTest::stage(const QByteArray &key, const QByteArrayList &fields, const QByteArray &uuid)
{
    const QByteArray before = answer(key, uuid);
    redis(QByteArrayList{"HSET", "__{users:" + key + '}'} + fields + QByteArrayList{"#", '=' + uuid});
    return QTest::qWaitFor(
        [&] {
            m_staged->step();
            return answer(key, uuid) != before;
        },
        20000);
}

bool ReackTest::recover()
{
    return QTest::qWaitFor(
        [&] {
            std::ignore = m_upkeep->step();
            return redis({"EXISTS", "wt:ok:users"}) == QByteArrayList{"1"};
        },
        20000);
}

void ReackTest::lostAnswersAreGivenAgain_data()
{
    QTest::addColumn<bool>("restarted");
    QTest::newRow("flushed") << false;
    QTest::newRow("flushed and restarted") << true;
}

void ReackTest::lostAnswersAreGivenAgain()
{
    QFETCH(bool, restarted);
    QVERIFY(stage("1", {"score", "7"}, "a"));
    QVERIFY(stage("2", {"score", "many"}, "b"));
    QVERIFY(stage("x", {"score", "1"}, "c"));
    redis({"HSET", "__{users:x}", "score", "1", "#", "?d"}); // refused for its operation before its key is looked at
    QVERIFY(QTest::qWaitFor([&] {
        m_staged->step();
        return !answer("x", "d").isEmpty();
    }));
    redis({"FLUSHALL"});
    if (restarted) {
        QVERIFY(m_servers->killRedis());
        QVERIFY(m_servers->startRedis());
    }
    QVERIFY(recover());
    QCOMPARE(answer("1", "a"), "done");
    QCOMPARE(answer("2", "b"), "failed value");
    QCOMPARE(answer("x", "c"), "failed key");
    QCOMPARE(answer("x", "d"), "failed operation");
    const int ttl = redis({"TTL", "{users:1}a"}).value(0).toInt();
    QVERIFY(ttl > 3590 && ttl <= 3600);
}

// As after a restart that lost the last writes, with an outbox that knows nothing of the row any more.
void ReackTest::theRowIsPushedBeforeItsAnswer()
{
    QVERIFY(stage("1", {"score", "1"}, "a"));
    const QByteArray version = cached("1", "version");
    QVERIFY(stage("1", {"score", "7"}, "b"));
    redis({"HSET", "users:1", "score", "1", "version", version});
    redis({"DEL", "{users:1}b", "wt:ok:users"});
    QVERIFY(sql(u"DELETE FROM wt_outbox"_s));
    QVERIFY(recover());
    QCOMPARE(answer("1", "b"), "done");
    QCOMPARE(cached("1", "score"), "7");
}

void ReackTest::aRowThatIsGoneLeavesTheCache()
{
    QVERIFY(stage("1", {"score", "1"}, "a"));
    const QByteArray version = cached("1", "version");
    redis({"HSET", "__{users:1}", "#", "~b"});
    QVERIFY(QTest::qWaitFor([&] {
        m_staged->step();
        return !answer("1", "b").isEmpty();
    }));
    redis({"HSET", "users:1", "score", "1", "version", version});
    redis({"DEL", "{users:1}b", "wt:ok:users"});
    QVERIFY(sql(u"DELETE FROM wt_outbox"_s));
    QVERIFY(recover());
    QCOMPARE(answer("1", "b"), "done");
    QCOMPARE(redis({"EXISTS", "users:1"}), QByteArrayList{"0"});
}

void ReackTest::answersThatAreThereAreNotRepeated()
{
    QVERIFY(stage("1", {"score", "7"}, "a"));
    redis({"DEL", "wt:ok:users"});
    QVERIFY(recover());
    QCOMPARE(redis({"XLEN", "{users:1}a"}), QByteArrayList{"1"});
}

void ReackTest::bothAnswersOfOneIdAreGivenAgain()
{
    QVERIFY(stage("1", {"score", "7"}, "a"));
    QVERIFY(stage("1", {"score", "many"}, "a"));
    redis({"FLUSHALL"});
    QVERIFY(recover());
    QCOMPARE(answer("1", "a"), "done, failed value");
}

void ReackTest::whatNobodyWaitsForIsNotAnswered()
{
    QVERIFY(stage("1", {"score", "7"}, "old"));
    QVERIFY(sql(u"UPDATE wt_staged SET at = at - interval '6 min'"_s));
    redis({"HSET", "__{users:1}", "score", "8"});
    QVERIFY(QTest::qWaitFor([&] {
        m_staged->step();
        return value(u"SELECT score::text FROM users WHERE id=1"_s) == "8";
    }));
    redis({"FLUSHALL"});
    QVERIFY(recover());
    QCOMPARE(redis({"EXISTS", "{users:1}old", "{users:1}"}), QByteArrayList{"0"});
}

void ReackTest::manyAnswers()
{
    QVERIFY(sql(u"INSERT INTO wt_staged(op_id, tbl, id, ack, what, status) SELECT gen_random_uuid(), 'users',"
                " (n % 5 + 1)::text, 'u' || n, '=', 'done' FROM generate_series(1, 1200) n"_s));
    redis({"FLUSHALL"});
    QVERIFY(recover());
    for (const char *name : {"{users:2}u1", "{users:2}u501", "{users:1}u1200"})
        QCOMPARE(redis({"XLEN", name}), QByteArrayList{"1"});
}

QTEST_GUILESS_MAIN(ReackTest)
#include "tst_reack.moc"
