// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rowreader.h"
#include "engine/stagedwrites.h"
#include "engine/writethrough.h"
#include "stores/postgres/pgschema.h"
#include "testclients.h"
#include "usersfixture.h"

#include <QTest>

#include <functional>
#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What clients that stage writes in Redis can rely on, on real servers: the original's behaviour where it was right,
/// and an answer where it gave none.
class StagedTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();

    void theOriginalsCommandsGiveItsRows();
    void aPartialUpdateKeepsTheRest_data();
    void aPartialUpdateKeepsTheRest();
    void operations_data();
    void operations();
    void cacheOnlyWhereItIsAllowed();
    void dropFromTheCacheKeepsTheRow();
    void theTimeToLiveIsKept();
    void sqlEditsAreNotOverwritten();
    void refusalsAreAnswered_data();
    void refusalsAreAnswered();
    void oneRefusalDoesNotRefuseOthers();
    void unmappedFieldsStayInTheCacheWhereTheyMay();
    void namesThatAreNoStagedWriteAreLeftAlone();
    void whatIsNoHashIsReported();
    void anotherTypeInTheCacheIsMended();
    void explicitIdsRaiseTheSequence();
    void theVersionIsABase();
    void theSameWriteIsAppliedOnce();
    void laterWritesWaitTheirTurn();
    void writesThatMetBeforeTheyWereTakenAreOne();
    void aWriteWithoutAnIdIsNotLostSilently();
    void bytesThatAreNoTextBlockNobody_data();
    void bytesThatAreNoTextBlockNobody();
    void aDeadGatewaysWriteIsTakenOver_data();
    void aDeadGatewaysWriteIsTakenOver();
    void aLivingGatewaysWriteIsLeftToIt();
    void aLockedRowHoldsUpNobodyElse();
    void aRowThatIsJustBeingAddedHoldsUpNobodyElse();
    void whatATriggerKeepsIsRefused();
    void equalKeysOfOtherSpellingsKeepTheCacheRight();
    void manySetsOfFieldsCostTheServerLittle();
    void aLockedRowIsGivenUpInTheEnd();
    void postgresAwayIsWaitedFor();
    void redisOutOfMemoryIsAnsweredLater();
    void nothingIsCreatedBeforeTheRecovery();
    void withoutAnnouncementsTheyAreFound();
    void announcementsThatStopAreNoticed();
    void severalTables();
    void ownRowsLeaveTheOutbox();
    void rowsAreReadAgainWhereATriggerChangesThem();

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
    /// "done", or what the answer says of the failure; empty while there is none.
    [[nodiscard]] QByteArray answer(const char *key, const char *uuid);
    [[nodiscard]] bool stepUntil(const std::function<bool()> &done) { return stepUntil(*m_staged, done); }
    [[nodiscard]] static bool stepUntil(StagedWrites &staged, const std::function<bool()> &done);
    [[nodiscard]] bool isAnswered(const char *key, const char *uuid)
    {
        return stepUntil([&] { return !answer(key, uuid).isEmpty(); });
    }
    void restart();

    std::unique_ptr<TestServers> m_servers;
    UsersFixture m_users;
    std::unique_ptr<StagedWrites> m_staged;
};

void StagedTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
}

void StagedTest::cleanupTestCase()
{
    m_staged.reset();
    m_servers.reset();
}

void StagedTest::init()
{
    m_staged.reset();
    m_users = UsersFixture::make(*m_servers);
    QVERIFY2(m_users.error.isEmpty(), qPrintable(m_users.error));
    m_users.settings.retention = 200ms;
    m_users.settings.stagedOwnTime = 300ms;
    m_users.settings.firstRetry = 20ms;
    m_users.settings.lastRetry = 100ms;
    restart();
}

void StagedTest::restart()
{
    m_staged = std::make_unique<StagedWrites>(std::vector{m_users.mapping}, m_users.settings, nullptr);
}

bool StagedTest::stepUntil(StagedWrites &staged, const std::function<bool()> &done)
{
    return QTest::qWaitFor(
        [&] {
            staged.step();
            return done();
        },
        20000);
}

QByteArray StagedTest::answer(const char *key, const char *uuid)
{
    const QByteArrayList entries = redis({"XRANGE", QByteArray("{users:") + key + '}' + uuid, "-", "+"});
    const qsizetype status = entries.indexOf("status");
    if (status < 0)
        return {};
    const qsizetype error = entries.indexOf("error");
    return error < 0 ? entries.value(status + 1) : entries.value(error + 1);
}

void StagedTest::theOriginalsCommandsGiveItsRows()
{
    QVERIFY(sql(u"DELETE FROM users"_s));
    const QByteArrayList names{"fulano", "Fulano", "beltrano", "Beltrano", "sicrano", "Sicrano"};
    for (int i = 0; i < 3; ++i) {
        const QByteArray id = QByteArray::number(i + 1);
        const QByteArray day = "2024-06-" + QByteArray::number(21 + i);
        QCOMPARE(redis({"hset",       "__{users:" + id + '}',
                        "username",   names[2 * i],
                        "email",      names[2 * i] + "@detal.com.br",
                        "pwhash",     "d1e8a70b5ccab1dc2f56bbf7e99f064a660c08e361a35751b9c483c88943d082",
                        "first",      names[2 * i + 1],
                        "last",       "deTal",
                        "dob",        "1981-01-01",
                        "score",      "0",
                        "created_at", day,
                        "updated_at", day}),
                 QByteArrayList{"9"});
    }
    QVERIFY(stepUntil([&] { return cached("3", "username") == "sicrano"; }));
    QCOMPARE(value(u"SELECT string_agg(concat_ws(' ', id, username, email, left(password_hash, 4), first_name,"
                   " last_name, date_of_birth, score, created_at, updated_at), '; ' ORDER BY id) FROM users"_s),
             "1 fulano fulano@detal.com.br d1e8 Fulano deTal 1981-01-01 0 2024-06-21 00:00:00 2024-06-21 00:00:00; "
             "2 beltrano beltrano@detal.com.br d1e8 Beltrano deTal 1981-01-01 0 2024-06-22 00:00:00 2024-06-22 "
             "00:00:00; 3 sicrano sicrano@detal.com.br d1e8 Sicrano deTal 1981-01-01 0 2024-06-23 00:00:00 2024-06-23 "
             "00:00:00");
    // The hash has PostgreSQL's spelling, the staged hash is gone, and nothing says that the operation was.
    QCOMPARE(cached("1", "created_at"), "2024-06-21 00:00:00");
    QCOMPARE(cached("1", "dob"), "1981-01-01");
    QVERIFY(cached("1", "#").isNull());
    QVERIFY(!cached("1", "version").isNull());
    QCOMPARE(redis({"EXISTS", "__{users:1}", "{users:1}:wip", "{users:1}", "{users:1}None"}), QByteArrayList{"0"});
    RowReader reader(m_users.mapping, m_users.settings, nullptr);
    for (const char *key : {"1", "2", "3"})
        QVERIFY(!reader.pair({key}).comparison.isFault());
}

void StagedTest::aPartialUpdateKeepsTheRest_data()
{
    QTest::addColumn<bool>("warm");
    QTest::newRow("warm cache") << true;
    QTest::newRow("cold cache") << false;
}

void StagedTest::aPartialUpdateKeepsTheRest()
{
    QFETCH(bool, warm);
    if (warm) {
        redis({"HSET", "__{users:1}", "first", "Ana", "#", "=0"});
        QVERIFY(isAnswered("1", "0"));
    }
    QCOMPARE(redis({"EXISTS", "users:1"}), QByteArrayList{warm ? "1" : "0"});
    redis({"HSET", "__{users:1}", "score", "77", "#", "=1"});
    QVERIFY(isAnswered("1", "1"));
    QCOMPARE(answer("1", "1"), "done");
    QCOMPARE(value(u"SELECT concat_ws(' ', username, first_name, score) FROM users WHERE id=1"_s),
             warm ? "user1 Ana 77" : "user1 First1 77");
    QCOMPARE(cached("1", "score"), "77");
    QCOMPARE(cached("1", "username"), "user1");
}

void StagedTest::operations_data()
{
    QTest::addColumn<QByteArray>("mark");
    QTest::addColumn<QByteArray>("row");  ///< first name afterwards
    QTest::addColumn<QByteArray>("hash"); ///< of the hash
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char *name, const char *mark, const char *inRow, const char *inHash, const char *said) {
        QTest::newRow(name) << QByteArray(mark) << QByteArray(inRow) << QByteArray(inHash) << QByteArray(said);
    };
    row("=", "=u", "Ana", "Ana", "done");
    row("~", "~u", "(null)", "", "done");
    row("-", "-u", "First2", "", "done");
    row("+ refused", "+u", "First2", "First2",
        "cache_only: A write to the cache alone is refused: table and cache would differ. Set allow_cache_only in the "
        "configuration to allow it.");
    row("unknown", "?u", "First2", "First2",
        "operation: The field # begins with none of the operations =, ~, - and +.");
}

void StagedTest::operations()
{
    QFETCH(QByteArray, mark);
    redis({"HSET", "__{users:2}", "score", "1", "#", "=warm"});
    QVERIFY(isAnswered("2", "warm"));
    redis({"HSET", "__{users:2}", "first", "Ana", "#", mark});
    QVERIFY(isAnswered("2", "u"));
    QTEST(answer("2", "u"), "said");
    QTEST(value(u"SELECT first_name FROM users WHERE id=2"_s), "row");
    QTEST(cached("2", "first"), "hash");
    QCOMPARE(redis({"EXISTS", "__{users:2}", "{users:2}:wip"}), QByteArrayList{"0"});
    const int ttl = redis({"TTL", "{users:2}u"}).value(0).toInt();
    QVERIFY(ttl > 3590 && ttl <= 3600);
}

void StagedTest::cacheOnlyWhereItIsAllowed()
{
    m_users.mapping.config.allowCacheOnly = true;
    restart();
    redis({"HSET", "__{users:1}", "first", "Ana", "#", "+u"});
    QVERIFY(isAnswered("1", "u"));
    QCOMPARE(answer("1", "u"), "done");
    QCOMPARE(cached("1", "first"), "Ana");
    QCOMPARE(cached("1", "version"), "0");
    QCOMPARE(value(u"SELECT first_name FROM users WHERE id=1"_s), "First1");
    // The next real write puts the row there again.
    redis({"HSET", "__{users:1}", "score", "5", "#", "=v"});
    QVERIFY(isAnswered("1", "v"));
    QCOMPARE(cached("1", "first"), "First1");
    QCOMPARE(cached("1", "score"), "5");
}

void StagedTest::dropFromTheCacheKeepsTheRow()
{
    redis({"HSET", "__{users:1}", "score", "5", "#", "=a"});
    QVERIFY(isAnswered("1", "a"));
    redis({"HSET", "__{users:1}", "#", "-b"});
    QVERIFY(isAnswered("1", "b"));
    QCOMPARE(redis({"EXISTS", "users:1"}), QByteArrayList{"0"});
    QCOMPARE(value(u"SELECT score::text FROM users WHERE id=1"_s), "5");
    redis({"HSET", "__{users:1}", "#", "~c"});
    QVERIFY(isAnswered("1", "c"));
    QCOMPARE(value(u"SELECT score::text FROM users WHERE id=1"_s), "(null)");
    redis({"HSET", "__{users:1}", "#", "~d"}); // what is gone can be deleted
    QVERIFY(isAnswered("1", "d"));
    QCOMPARE(answer("1", "d"), "done");
}

void StagedTest::theTimeToLiveIsKept()
{
    redis({"HSET", "__{users:1}", "score", "5", "#", "=a"});
    QVERIFY(isAnswered("1", "a"));
    redis({"EXPIRE", "users:1", "1000"});
    redis({"HSET", "__{users:1}", "score", "6", "#", "=b"});
    QVERIFY(isAnswered("1", "b"));
    QCOMPARE(cached("1", "score"), "6");
    QVERIFY(redis({"TTL", "users:1"}).value(0).toInt() > 990);
}

void StagedTest::sqlEditsAreNotOverwritten()
{
    redis({"HSET", "__{users:1}", "score", "5", "#", "=a"});
    QVERIFY(isAnswered("1", "a"));
    QVERIFY(sql(u"UPDATE users SET first_name='Changed' WHERE id=1"_s));
    redis({"HSET", "__{users:1}", "score", "6", "#", "=b"});
    QVERIFY(isAnswered("1", "b"));
    QCOMPARE(value(u"SELECT first_name FROM users WHERE id=1"_s), "Changed");
    QCOMPARE(cached("1", "first"), "Changed");
}

void StagedTest::refusalsAreAnswered_data()
{
    QTest::addColumn<QByteArrayList>("fields");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char *name, QByteArrayList fields, const char *said) {
        QTest::newRow(name) << std::move(fields) << QByteArray(said);
    };
    row("duplicate", {"username", "user2"}, "constraint: username: This value is already taken (users_username_key).");
    row("no number", {"score", "many"}, "value: score does not take this value: its type is integer.");
    row("no date", {"dob", ""}, "value: date_of_birth does not take this value: its type is date.");
    row("too long", {"first", QByteArray(300, 'x')},
        "value: first_name does not take this value: its type is character varying(255).");
    row("unmapped", {"nickname", "x"}, "field: The field nickname belongs to no column of the table.");
    row("nothing", {}, "field: The staged hash has no field of the table.");
    row("version", {"score", "1", "version", "many"},
        "value: version is the number of the change that this write is made on.");
    row("two reasons", {"nickname", "x", "score", "many"},
        "field: The field nickname belongs to no column of the table.");
}

void StagedTest::refusalsAreAnswered()
{
    QFETCH(QByteArrayList, fields);
    redis({"HSET", "__{users:1}", "first", "Ana", "#", "=a"});
    QVERIFY(isAnswered("1", "a"));
    const QByteArray version = value(u"SELECT version::text FROM users WHERE id=1"_s);
    redis(QByteArrayList{"HSET", "__{users:1}", "#", "=u"} + fields);
    QVERIFY(isAnswered("1", "u"));
    QTEST(answer("1", "u"), "said");
    QCOMPARE(value(u"SELECT version::text FROM users WHERE id=1"_s), version);
    QCOMPARE(cached("1", "version"), version);
    QCOMPARE(value(u"SELECT concat_ws(' ', status, what::text, id) FROM wt_staged WHERE ack='u'"_s), "failed = 1");
    QCOMPARE(redis({"EXISTS", "__{users:1}", "{users:1}:wip"}), QByteArrayList{"0"});
}

void StagedTest::oneRefusalDoesNotRefuseOthers()
{
    for (int i = 1; i <= 40; ++i) {
        const QByteArray id = QByteArray::number(i + 10);
        redis({"HSET", "__{users:" + id + '}', "username", i == 17 ? "user2" : "new" + id, "email", id + "@example.org",
               "pwhash", "x", "#", "=u"});
    }
    QVERIFY(stepUntil([&] { return m_staged->report().done + m_staged->report().failures() == 40; }));
    QCOMPARE(m_staged->report().done, 39);
    QCOMPARE(answer("27", "u"), "constraint: username: This value is already taken (users_username_key).");
    QCOMPARE(answer("26", "u"), "done");
    QCOMPARE(value(u"SELECT count(*)::text FROM users WHERE id>10"_s), "39");
}

void StagedTest::unmappedFieldsStayInTheCacheWhereTheyMay()
{
    m_users.mapping.config.keepUnmapped = true;
    restart();
    redis({"HSET", "__{users:1}", "score", "5", "nickname", "Nana", "#", "=a"});
    QVERIFY(isAnswered("1", "a"));
    QCOMPARE(answer("1", "a"), "done");
    QCOMPARE(cached("1", "nickname"), "Nana");
    redis({"HSET", "__{users:1}", "score", "6", "#", "=b"});
    QVERIFY(isAnswered("1", "b"));
    QCOMPARE(cached("1", "nickname"), "Nana");
    RowReader reader(m_users.mapping, m_users.settings, nullptr);
    QVERIFY(!reader.pair({"1"}).comparison.isFault());
}

void StagedTest::namesThatAreNoStagedWriteAreLeftAlone()
{
    redis({"HSET", "__users:1", "score", "5"});
    redis({"HSET", "__{cars:1}", "score", "5"});
    redis({"HSET", "__{users:1", "score", "5"});
    redis({"HSET", "__{users:eu:9}", "score", "5", "#", "=u"});
    QVERIFY(isAnswered("eu:9", "u"));
    QCOMPARE(answer("eu:9", "u"), "key: The name of the staged hash holds no key of the table: id is integer.");
    QCOMPARE(redis({"EXISTS", "__users:1", "__{cars:1}", "__{users:1"}), QByteArrayList{"3"});
    QCOMPARE(value(u"SELECT score::text FROM users WHERE id=1"_s), "0");
    // One row has one name.
    redis({"HSET", "__{users:01}", "score", "5", "#", "=u"});
    QVERIFY(isAnswered("01", "u"));
    QVERIFY(answer("01", "u").startsWith("key: PostgreSQL writes this key in another way"));
    // An answer may not get the name of something else.
    redis({"HSET", "__{users:1}", "score", "5", "#", "=:wip"});
    QVERIFY(stepUntil([&] { return m_staged->report().failures() == 3; }));
    QCOMPARE(redis({"EXISTS", "{users:1}:wip", "__{users:1}"}), QByteArrayList{"0"});
}

void StagedTest::whatIsNoHashIsReported()
{
    redis({"SET", "__{users:1}", "text"});
    restart(); // nothing announces it: it is found
    QVERIFY(stepUntil([&] { return m_staged->report().failures() == 1; }));
    QCOMPARE(m_staged->report().failed[size_t(StagedRefusal::NotAHash)], 1);
    QCOMPARE(redis({"EXISTS", "__{users:1}", "{users:1}:wip"}), QByteArrayList{"0"});
    QCOMPARE(value(u"SELECT concat_ws(' ', id, status, err) FROM wt_staged WHERE ack=''"_s),
             "1 failed not_a_hash: What was staged is no hash.");
}

void StagedTest::anotherTypeInTheCacheIsMended()
{
    redis({"SET", "users:3", "text"});
    redis({"HSET", "__{users:3}", "score", "5", "#", "=u"});
    QVERIFY(isAnswered("3", "u"));
    QCOMPARE(answer("3", "u"), "done");
    QCOMPARE(value(u"SELECT score::text FROM users WHERE id=3"_s), "5");
    QCOMPARE(redis({"TYPE", "users:3"}), QByteArrayList{"hash"});
    QCOMPARE(cached("3", "score"), "5");
}

void StagedTest::explicitIdsRaiseTheSequence()
{
    const auto add = [&](const QByteArray &id) {
        redis({"HSET", "__{users:" + id + '}', "username", "u" + id, "email", id, "pwhash", "x", "#", "=u"});
        return isAnswered(id.constData(), "u") && answer(id.constData(), "u") == "done";
    };
    QVERIFY(add("7"));
    QCOMPARE(value(u"INSERT INTO users(username,email,password_hash) VALUES ('s','s','x') RETURNING id::text"_s), "8");
    QVERIFY(add("500000")); // far away
    QCOMPARE(value(u"SELECT nextval('users_id_seq')::text"_s), "500001");
    QVERIFY(add("100"));        // never lowered
    QVERIFY(add("2147483647")); // which would leave no key for anybody
    QCOMPARE(value(u"SELECT nextval('users_id_seq')::text"_s), "500002");
}

void StagedTest::theVersionIsABase()
{
    const QByteArray version = value(u"SELECT version::text FROM users WHERE id=1"_s);
    redis({"HSET", "__{users:1}", "score", "5", "version", version, "#", "=a"});
    QVERIFY(isAnswered("1", "a"));
    QCOMPARE(answer("1", "a"), "done");
    for (const char *operation : {"=b", "~c"}) {
        redis({"HSET", "__{users:1}", "score", "6", "version", version, "#", operation});
        QVERIFY(isAnswered("1", operation + 1));
        QCOMPARE(answer("1", operation + 1), "conflict: The row does not have the version that the write names.");
    }
    redis({"HSET", "__{users:99}", "score", "6", "version", version, "#", "=d"});
    QVERIFY(isAnswered("99", "d"));
    QVERIFY(answer("99", "d").startsWith("conflict:"));
    QCOMPARE(value(u"SELECT score::text FROM users WHERE id=1"_s), "5");
}

void StagedTest::theSameWriteIsAppliedOnce()
{
    const auto stage = [&](const char *score) {
        redis({"HSET", "__{users:1}", "score", score, "#", "=u"});
        const qint64 seen = m_staged->report().done;
        QVERIFY(stepUntil([&] { return m_staged->report().done > seen; }));
    };
    stage("5");
    const QByteArray version = value(u"SELECT version::text FROM users WHERE id=1"_s);
    redis({"DEL", "users:1"});
    stage("5");
    QCOMPARE(value(u"SELECT version::text FROM users WHERE id=1"_s), version);
    QCOMPARE(cached("1", "score"), "5"); // the cache is brought up to date all the same
    stage("6");                          // other content under the same id is another write
    QCOMPARE(value(u"SELECT score::text FROM users WHERE id=1"_s), "6");
}

void StagedTest::laterWritesWaitTheirTurn()
{
    // A gateway that takes and then stands still: what is staged meanwhile stays where it is.
    RedisContext redisOfHalf({m_users.settings.redis, u"half"_s}, nullptr);
    QVERIFY(redisOfHalf.open());
    StagingArea half(redisOfHalf, m_users.mapping, "half", 5s, 300ms);
    redis({"HSET", "__{users:1}", "score", "1", "#", "=a"});
    const RowKey key{"1"};
    const auto taken = half.take({&key, 1}, Clock::now() + 5s);
    QVERIFY(taken && (*taken)[0] && (*taken)[0]->kind == TakenWrite::Kind::Taken);
    redis({"HSET", "__{users:1}", "score", "2", "#", "=b"});
    QVERIFY(isAnswered("1", "b"));
    QCOMPARE(answer("1", "a"), "done"); // taken over, and before the later one
    QCOMPARE(value(u"SELECT score::text FROM users WHERE id=1"_s), "2");
    QCOMPARE(value(u"SELECT string_agg(ack, ' ' ORDER BY at) FROM wt_staged WHERE ack IS NOT NULL"_s), "a b");
    QCOMPARE(cached("1", "score"), "2");
}

void StagedTest::writesThatMetBeforeTheyWereTakenAreOne()
{
    m_staged.reset(); // nobody takes anything
    redis({"HSET", "__{users:1}", "score", "1", "first", "Ana", "#", "=a"});
    redis({"HSET", "__{users:1}", "score", "2", "#", "=b"});
    restart();
    QVERIFY(isAnswered("1", "b"));
    QCOMPARE(answer("1", "b"), "done");
    QVERIFY(answer("1", "a").isEmpty());
    QCOMPARE(value(u"SELECT first_name || score FROM users WHERE id=1"_s), "Ana2");
}

void StagedTest::aWriteWithoutAnIdIsNotLostSilently()
{
    redis({"HSET", "__{users:1}", "score", "many"});
    QVERIFY(stepUntil([&] { return m_staged->report().failures() == 1; }));
    QCOMPARE(value(u"SELECT concat_ws(' ', id, status, err) FROM wt_staged WHERE ack=''"_s),
             "1 failed value: score does not take this value: its type is integer.");
    const auto events = m_staged->takeEvents();
    QCOMPARE(events.size(), size_t(1));
    QVERIFY(!events[0].done && !events[0].isAnswered);
    QCOMPARE(events[0].key.text, "1");
    QCOMPARE(redis({"EXISTS", "{users:1}", "{users:1}None", "{users:1}:wip"}), QByteArrayList{"0"});
}

void StagedTest::bytesThatAreNoTextBlockNobody_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("mark");
    QTest::addColumn<QByteArray>("said"); ///< a part of what wt_staged has
    const QByteArray broken("a\xff");
    const QByteArray zero("a\0b", 3);
    const auto row = [](const char *name, const QByteArray &key, const QByteArray &field, const QByteArray &value,
                        const QByteArray &mark,
                        const char *said) { QTest::newRow(name) << key << field << value << mark << QByteArray(said); };
    row("value", "1", "first", broken, "=u", "u value: ");
    row("value with a zero", "1", "first", zero, "=u", "u value: ");
    row("field", "1", broken, "x", "=u", "u field: ");
    row("field with a zero", "1", zero, "x", "=u", "u field: ");
    row("id", "1", "first", "x", '=' + broken, " operation: ");
    row("id with a zero", "1", "first", "x", '=' + zero, " operation: ");
    row("key", broken, "first", "x", "=u", "u key: ");
    row("key with a zero", zero, "first", "x", "=u", "u key: ");
}

void StagedTest::bytesThatAreNoTextBlockNobody()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, mark);
    QFETCH(QByteArray, said);
    redis({"HSET", "__{users:" + key + '}', field, value, "#", mark});
    // Its refusal does not stand in the way of another.
    redis({"HSET", "__{users:2}", "score", "many", "#", "=u"});
    QVERIFY(stepUntil([&] { return m_staged->report().failures() == 2; }));
    const QByteArray verdict = this->value(u"SELECT concat_ws(' ', ack, err) FROM wt_staged WHERE id<>'2'"_s);
    QVERIFY2(verdict.startsWith(said), verdict.constData());
    QCOMPARE(redis({"EXISTS", "__{users:" + key + '}', "{users:" + key + "}:wip"}), QByteArrayList{"0"});
    redis({"HSET", "__{users:1}", "first", "Ana", "#", "=v"});
    QVERIFY(isAnswered("1", "v"));
    QCOMPARE(answer("1", "v"), "done");
}

void StagedTest::aDeadGatewaysWriteIsTakenOver_data()
{
    QTest::addColumn<bool>("applied");
    QTest::newRow("after taking") << false;
    QTest::newRow("after applying") << true;
}

void StagedTest::aDeadGatewaysWriteIsTakenOver()
{
    QFETCH(bool, applied);
    redis({"HSET", "__{users:1}", "score", "9", "#", "=u"});
    {
        PostgresLink postgres(m_users.mapping, m_users.settings, LinkRole::Writer, nullptr);
        RedisLink link(m_users.mapping, m_users.settings, nullptr);
        QVERIFY(postgres.ensure() && link.ensure());
        StagingArea area(link.context(), m_users.mapping, "dead", 5s, 300ms);
        const RowKey key{"1"};
        const auto taken = area.take({&key, 1}, Clock::now() + 5s);
        QVERIFY(taken && (*taken)[0] && (*taken)[0]->kind == TakenWrite::Kind::Taken);
        if (applied) {
            StagedStore store(postgres.connection(), m_users.mapping);
            const StagedWrite write = parseStagedWrite(m_users.mapping, key, (*taken)[0]->fields, (*taken)[0]->nonce);
            const auto verdicts = store.apply(OpId::create(), {&write, 1}, Clock::now() + 5s);
            QVERIFY(verdicts && (*verdicts)[0] && (*verdicts)[0]->done);
        }
    }
    const QByteArray before = value(u"SELECT version::text FROM users WHERE id=1"_s);
    QVERIFY(isAnswered("1", "u"));
    QCOMPARE(answer("1", "u"), "done");
    QCOMPARE(value(u"SELECT score::text FROM users WHERE id=1"_s), "9");
    QCOMPARE(value(u"SELECT version::text FROM users WHERE id=1"_s) == before, applied);
    QCOMPARE(cached("1", "score"), "9");
    QCOMPARE(redis({"XLEN", "{users:1}u"}), QByteArrayList{"1"});
}

void StagedTest::aLivingGatewaysWriteIsLeftToIt()
{
    StagedWrites other({m_users.mapping}, m_users.settings, nullptr);
    for (int i = 0; i < 200; ++i) {
        const QByteArray id = QByteArray::number(i % 3 + 1);
        redis({"HSET", "__{users:" + id + '}', "score", QByteArray::number(i), "#", "=u" + QByteArray::number(i)});
        m_staged->step();
        other.step();
    }
    QVERIFY(stepUntil([&] {
        other.step();
        return redis({"EXISTS", "__{users:1}", "__{users:2}", "__{users:3}", "{users:1}:wip", "{users:2}:wip",
                      "{users:3}:wip"}) == QByteArrayList{"0"};
    }));
    const auto &mine = m_staged->report();
    const auto &others = other.report();
    QCOMPARE(mine.failures() + others.failures(), 0);
    QCOMPARE(QByteArray::number(mine.done + others.done),
             value(u"SELECT count(*)::text FROM wt_staged WHERE ack IS NOT NULL"_s));
    QCOMPARE(value(u"SELECT score::text FROM users WHERE id=2"_s), "199");
    QCOMPARE(cached("2", "score"), "199");
}

void StagedTest::aLockedRowHoldsUpNobodyElse()
{
    PgConnection blocker({m_users.settings.conninfo, u"blocker"_s}, nullptr);
    QVERIFY(blocker.open());
    QVERIFY(blocker.runScript("BEGIN; SELECT FROM users WHERE id=2 FOR UPDATE", Clock::now() + 5s));
    for (const char *key : {"1", "2", "3"})
        redis({"HSET", QByteArray("__{users:") + key + '}', "score", "5", "#", "=u"});
    QVERIFY(isAnswered("1", "u"));
    QVERIFY(isAnswered("3", "u"));
    QVERIFY(answer("2", "u").isEmpty());
    QVERIFY(stepUntil([&] { return m_staged->report().waiting == 1; }));
    QVERIFY(blocker.runScript("COMMIT", Clock::now() + 5s));
    QVERIFY(isAnswered("2", "u"));
    QCOMPARE(answer("2", "u"), "done");
    QCOMPARE(m_staged->report().waiting, 0);
}

void StagedTest::aRowThatIsJustBeingAddedHoldsUpNobodyElse()
{
    PgConnection blocker({m_users.settings.conninfo, u"blocker"_s}, nullptr);
    QVERIFY(blocker.open());
    QVERIFY(blocker.runScript("BEGIN; INSERT INTO users(id,username,email,password_hash) VALUES (77,'a','a','x')",
                              Clock::now() + 5s));
    m_staged.reset(); // so that one statement meets them all
    for (const char *key : {"77", "101", "102", "103"}) {
        redis({"HSET", QByteArray("__{users:") + key + '}', "username", key, "email", key, "pwhash", "x", "#", "=u"});
    }
    restart();
    for (const char *key : {"101", "102", "103"}) {
        QVERIFY(isAnswered(key, "u"));
        QCOMPARE(answer(key, "u"), "done");
    }
    QVERIFY(answer("77", "u").isEmpty());
    QVERIFY(!m_staged->report().error); // no fault of a store
    QVERIFY(blocker.runScript("COMMIT", Clock::now() + 5s));
    QVERIFY(isAnswered("77", "u"));
    QCOMPARE(answer("77", "u"), "done");
    QCOMPARE(value(u"SELECT username FROM users WHERE id=77"_s), "77");
}

void StagedTest::whatATriggerKeepsIsRefused()
{
    QVERIFY(
        sql(u"CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;"
            "CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON users FOR EACH ROW WHEN (OLD.id=2)"
            " EXECUTE FUNCTION keep();"
            "CREATE TRIGGER nobody BEFORE INSERT ON users FOR EACH ROW WHEN (NEW.id=50) EXECUTE FUNCTION keep()"_s));
    m_staged.reset();
    for (const char *key : {"1", "2", "3"})
        redis({"HSET", QByteArray("__{users:") + key + '}', "score", "5", "#", "=u"});
    redis({"HSET", "__{users:50}", "username", "x", "email", "x", "pwhash", "x", "#", "=u"});
    restart();
    for (const char *key : {"1", "2", "3", "50"})
        QVERIFY(isAnswered(key, "u"));
    QCOMPARE(answer("1", "u"), "done");
    QCOMPARE(answer("3", "u"), "done");
    const QByteArray kept = "constraint: A trigger or a policy of the table kept the row as it was.";
    QCOMPARE(answer("2", "u"), kept);
    QCOMPARE(answer("50", "u"), kept);
    redis({"HSET", "__{users:2}", "#", "~v"});
    QVERIFY(isAnswered("2", "v"));
    QCOMPARE(answer("2", "v"), kept);
    QCOMPARE(value(u"SELECT count(*)::text FROM wt_staged WHERE ack IS NOT NULL AND status='done'"_s), "2");
}

void StagedTest::equalKeysOfOtherSpellingsKeepTheCacheRight()
{
    QVERIFY(sql(u"CREATE TABLE prices(amount numeric PRIMARY KEY, name text); INSERT INTO prices VALUES (1, 'one')"_s));
    PgConnection connection({m_users.settings.conninfo, u"test"_s}, nullptr);
    QVERIFY(connection.open());
    MappingConfig config;
    config.label = config.table = u"prices"_s;
    config.keyColumn = u"amount"_s;
    config.prefix = "prices:";
    config.stagingPrefix = "__";
    config.fields = {{"name", u"name"_s}};
    PgSchema schema(connection);
    const auto before = schema.inspect(config);
    QVERIFY(before && schema.execute(PgSchema::prepareSql(before->mapping)));
    const auto after = schema.inspect(config);
    QVERIFY(after && recoverCache(after->mapping, m_users.settings));
    m_staged = std::make_unique<StagedWrites>(std::vector{after->mapping}, m_users.settings, nullptr);
    const auto stage = [&](const char *key, QByteArrayList fields) {
        const qint64 seen = m_staged->report().done;
        redis(QByteArrayList{"HSET", QByteArray("__{prices:") + key + '}'} + fields);
        return stepUntil([&] { return m_staged->report().done > seen; });
    };
    QVERIFY(stage("1", {"name", "first"}));
    QCOMPARE(redis({"HGET", "prices:1", "name"}), QByteArrayList{"first"});
    QVERIFY(stage("1.0", {"name", "second"}));
    QCOMPARE(redis({"HGET", "prices:1", "name"}), QByteArrayList{"second"});
    QVERIFY(stage("1.00", {"#", "~"}));
    QCOMPARE(redis({"EXISTS", "prices:1", "prices:1.0", "prices:1.00"}), QByteArrayList{"0"});
    QCOMPARE(value(u"SELECT count(*)::text FROM prices"_s), "0");
}

void StagedTest::manySetsOfFieldsCostTheServerLittle()
{
    PgConnection connection({m_users.settings.conninfo, u"test"_s}, nullptr);
    QVERIFY(connection.open());
    const Instant deadline = Clock::now() + 20s;
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 100; ++i) {
            const PgStatement statement{"SELECT " + QByteArray::number(i), {}, Reuse::Often};
            const auto result = connection.run(statement, deadline);
            QVERIFY(result);
            QCOMPARE(result->text(0, 0), QByteArray::number(i));
        }
    }
    const auto prepared = connection.run({"SELECT count(*)::text FROM pg_prepared_statements", {}}, deadline);
    QVERIFY(prepared);
    QCOMPARE(prepared->text(0, 0), "64");
}

void StagedTest::aLockedRowIsGivenUpInTheEnd()
{
    m_users.settings.stagedDeadline = 300ms;
    restart();
    PgConnection blocker({m_users.settings.conninfo, u"blocker"_s}, nullptr);
    QVERIFY(blocker.open());
    QVERIFY(blocker.runScript("BEGIN; SELECT FROM users WHERE id=2 FOR UPDATE", Clock::now() + 5s));
    redis({"HSET", "__{users:2}", "score", "5", "#", "=u"});
    QVERIFY(isAnswered("2", "u"));
    QVERIFY(answer("2", "u").startsWith("timed_out: "));
    QVERIFY(blocker.runScript("COMMIT", Clock::now() + 5s));
    QCOMPARE(value(u"SELECT score::text FROM users WHERE id=2"_s), "0");
}

void StagedTest::postgresAwayIsWaitedFor()
{
    redis({"HSET", "__{users:1}", "score", "5", "#", "=a"});
    QVERIFY(isAnswered("1", "a"));
    QVERIFY(m_servers->killPostgres());
    redis({"HSET", "__{users:1}", "score", "6", "#", "=b"});
    QVERIFY(stepUntil([&] { return m_staged->report().error.has_value(); }));
    QVERIFY(answer("1", "b").isEmpty());
    QVERIFY(m_servers->startPostgres());
    QVERIFY(isAnswered("1", "b"));
    QCOMPARE(answer("1", "b"), "done");
    QCOMPARE(cached("1", "score"), "6");
    QVERIFY(stepUntil([&] { return !m_staged->report().error.has_value(); }));
}

void StagedTest::redisOutOfMemoryIsAnsweredLater()
{
    redis({"HSET", "__{users:1}", "score", "5", "#", "=a"});
    QVERIFY(isAnswered("1", "a"));
    redis({"HSET", "__{users:1}", "score", "6", "#", "=b"});
    redis({"CONFIG", "SET", "maxmemory", "1"});
    QVERIFY(stepUntil([&] { return m_staged->report().error.has_value(); }));
    QVERIFY(answer("1", "b").isEmpty());
    redis({"CONFIG", "SET", "maxmemory", "0"});
    QVERIFY(isAnswered("1", "b"));
    QCOMPARE(answer("1", "b"), "done");
    QCOMPARE(cached("1", "score"), "6");
}

void StagedTest::nothingIsCreatedBeforeTheRecovery()
{
    redis({"FLUSHALL"});
    redis({"HSET", "__{users:1}", "score", "5", "#", "=a"});
    QVERIFY(isAnswered("1", "a"));
    QCOMPARE(redis({"EXISTS", "users:1"}), QByteArrayList{"0"});
    QVERIFY(recoverCache(m_users.mapping, m_users.settings));
    redis({"HSET", "__{users:1}", "score", "6", "#", "=b"});
    QVERIFY(isAnswered("1", "b"));
    QCOMPARE(cached("1", "score"), "6");
}

void StagedTest::withoutAnnouncementsTheyAreFound()
{
    m_users.settings.addsKeyspaceEvents = false;
    redis({"CONFIG", "SET", "notify-keyspace-events", ""});
    restart();
    QVERIFY(stepUntil([&] { return m_staged->report().scanning; }));
    redis({"HSET", "__{users:1}", "score", "5", "#", "=a"});
    QVERIFY(isAnswered("1", "a"));
    QCOMPARE(cached("1", "score"), "5");
    // A gateway that may, switches them on, and leaves what is on.
    redis({"CONFIG", "SET", "notify-keyspace-events", "Ex"});
    m_users.settings.addsKeyspaceEvents = true;
    restart();
    QVERIFY(stepUntil([&] { return !m_staged->report().scanning; }));
    QByteArray flags = redis({"CONFIG", "GET", "notify-keyspace-events"}).value(1);
    std::ranges::sort(flags);
    QCOMPARE(flags, "EKhx");
}

void StagedTest::announcementsThatStopAreNoticed()
{
    QVERIFY(stepUntil([&] { return !m_staged->report().scanning; }));
    redis({"CONFIG", "SET", "notify-keyspace-events", "Ex"});
    QVERIFY(stepUntil([&] { // every five seconds it is looked at
        return redis({"CONFIG", "GET", "notify-keyspace-events"}).value(1).contains('K');
    }));
    redis({"HSET", "__{users:1}", "score", "5", "#", "=a"});
    QVERIFY(isAnswered("1", "a"));
    QVERIFY(!m_staged->report().scanning);
}

void StagedTest::severalTables()
{
    QVERIFY(sql(u"CREATE TABLE teams(code text PRIMARY KEY, name text NOT NULL)"_s));
    MappingConfig config;
    config.label = u"teams"_s;
    config.table = u"teams"_s;
    config.keyColumn = u"code"_s;
    config.prefix = "teams:";
    config.stagingPrefix = "__";
    config.fields = {{"name", u"name"_s}};
    PgConnection connection({m_users.settings.conninfo, u"test"_s}, nullptr);
    QVERIFY(connection.open());
    PgSchema schema(connection);
    const auto before = schema.inspect(config);
    QVERIFY(before && schema.execute(PgSchema::prepareSql(before->mapping)));
    const auto after = schema.inspect(config);
    QVERIFY(after && after->preparation == Preparation::Complete);
    QVERIFY(recoverCache(after->mapping, m_users.settings));
    m_staged = std::make_unique<StagedWrites>(std::vector{m_users.mapping, after->mapping}, m_users.settings, nullptr);
    redis({"HSET", "__{teams:red}", "name", "Red", "#", "=a"});
    redis({"HSET", "__{users:1}", "score", "5", "#", "=a"});
    QVERIFY(stepUntil([&] { return m_staged->report().done == 2; }));
    QCOMPARE(redis({"HGET", "teams:red", "name"}), QByteArrayList{"Red"});
    QCOMPARE(value(u"SELECT name FROM teams WHERE code='red'"_s), "Red");
    QCOMPARE(cached("1", "score"), "5");
}

void StagedTest::ownRowsLeaveTheOutbox()
{
    for (int i = 0; i < 3; ++i) {
        redis({"HSET", "__{users:1}", "score", QByteArray::number(i), "#", "=u" + QByteArray::number(i)});
        QVERIFY(isAnswered("1", ("u" + QByteArray::number(i)).constData()));
    }
    QCOMPARE(value(u"SELECT count(*)::text FROM wt_outbox WHERE owner IS NULL"_s), "0");
    QVERIFY(stepUntil([&] { return value(u"SELECT count(*)::text FROM wt_outbox"_s) == "0"; }));
}

void StagedTest::rowsAreReadAgainWhereATriggerChangesThem()
{
    QVERIFY(sql(u"CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF pg_trigger_depth() = 1 THEN "
                "UPDATE users SET last_name='By trigger' WHERE id=NEW.id; END IF; RETURN NULL; END $$;"
                "CREATE TRIGGER again AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION again()"_s));
    m_users.mapping.foreignTriggers = true;
    restart();
    redis({"HSET", "__{users:1}", "score", "5", "#", "=a"});
    QVERIFY(isAnswered("1", "a"));
    QCOMPARE(cached("1", "last"), "By trigger");
    QCOMPARE(cached("1", "version"), value(u"SELECT version::text FROM users WHERE id=1"_s));
}

QTEST_GUILESS_MAIN(StagedTest)
#include "tst_staged.moc"
