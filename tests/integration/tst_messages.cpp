// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/readthrough.h"
#include "engine/writethrough.h"
#include "messaging/messageconsumer.h"
#include "messaging/messageproducer.h"
#include "messaging/redisstreamsink.h"
#include "messaging/redisstreamsource.h"
#include "messaging/runthread.h"
#include "usersfixture.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A consumer's parts, joined as consumeRedisStream() does it, to be taken step by step.
struct Parts
{
    Parts(const Mapping &mapping, const EngineSettings &settings, const ConsumeSettings &consume)
        : postgres(mapping, settings, LinkRole::Writer, &signal.breakOff)
        , redis(mapping, settings, &signal.breakOff)
        , patience(signal, [](const std::optional<StoreError> &) {})
        , source(redis, consume, settings.readDeadline)
        , applier(mapping, settings, consume.stream, postgres, redis, patience)
    {
    }

    StopSignal signal;
    PostgresLink postgres;
    RedisLink redis;
    Patience patience;
    RedisStreamSource source;
    MessageApplier applier;
};

/// A whole consumer on a thread.
class Running final
{
public:
    Running(const Mapping &mapping, const EngineSettings &settings, const ConsumeSettings &consume)
        : m_thread([=, this](const StopSignal &signal) {
            consumeRedisStream(mapping, settings, consume, signal, [this](const ConsumeReport &report) {
                const std::lock_guard lock(m_mutex);
                m_report = report;
            });
        })
    {
    }

    [[nodiscard]] ConsumeReport report()
    {
        const std::lock_guard lock(m_mutex);
        return m_report;
    }
    [[nodiscard]] bool ended()
    {
        return QTest::qWaitFor([this] { return report().ended; }, 30000);
    }
    void stop() { m_thread.stop(); }

private:
    std::mutex m_mutex;
    ConsumeReport m_report;
    RunThread m_thread; ///< last: it reports
};

Message message(const char *id, const char *key, const char *value)
{
    return {id, QByteArray(key), QByteArray(value), {}};
}

} // namespace

/// Messages on real servers: applied once, never over a newer one, never lost.
class MessagesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();

    // First, because PostgreSQL takes the longer to recover the more databases there are.
    void aStoreThatIsAwayIsWaitedFor_data();
    void aStoreThatIsAwayIsWaitedFor();
    void anEndWhileAStoreIsAwayLeavesTheMessagesPending();
    void theNewerWinsInEveryOrder();
    void anOlderMessageSetsWhatNoNewerNames();
    void aMessageIsAppliedOnce();
    void aCommitWithoutItsPushIsPushedByTheNext();
    void aKeyMayHaveAnySpelling();
    void aRefusedMessageStandsAlone();
    void onlyOneOfSeveralForARowIsToBlame();
    void aNameIsFreedBeforeItIsTaken();
    void aRowThatMayOnlyBeReadIsADeadLetter();
    void aRowThatATriggerKeepsIsADeadLetter();
    void aRowThatATriggerChangesOnceMoreIsPushedAsItIs();
    void aBatchOfThousandsIsLinear();
    void aLostAnswerIsAppliedOnce();
    void aWholeRunFromProducerToBothStores();
    void deadLettersKeepTheMessage();
    void whatAnEndedConsumerHadIsClaimed();
    void whatABrokenConnectionSwallowedComesAgain();
    void trimmedMessagesAreCountedAndOwedNoMore();
    void aDeletedStreamIsMadeAgain();
    void aTableOutOfOrderEndsTheRunAndLosesNothing();

private:
    [[nodiscard]] QByteArray value(const QString &text)
    {
        return m_servers->scalar(m_users.settings.conninfo, text).value_or(QByteArray());
    }
    [[nodiscard]] bool sql(const QString &text) { return m_servers->execute(m_users.settings.conninfo, text); }
    [[nodiscard]] QByteArray row(const char *key)
    {
        return value(u"SELECT score || ' ' || coalesce(first_name, 'NULL') FROM users WHERE id = %1"_s.arg(
            QLatin1StringView(key)));
    }
    [[nodiscard]] QByteArray cached(const char *key)
    {
        const auto fields = m_servers->redis({"HMGET", QByteArray("users:") + key, "score", "first"});
        return fields.value(0) + ' ' + (fields.value(1).isNull() ? "NULL" : fields.value(1));
    }
    [[nodiscard]] QByteArray add(const char *key, const char *json)
    {
        return m_servers->redis({"XADD", defaultStream, "*", "key", key, "value", json}).value(0);
    }
    [[nodiscard]] QByteArray pending() { return m_servers->redis({"XPENDING", defaultStream, defaultGroup}).value(0); }
    [[nodiscard]] std::unique_ptr<Parts> parts()
    {
        return std::make_unique<Parts>(m_users.mapping, m_users.settings, m_consume);
    }
    /// The kinds of fate in a word: A, S or D for each message.
    [[nodiscard]] QByteArray fates(Parts &parts, const std::vector<Message> &messages);

    std::unique_ptr<TestServers> m_servers;
    UsersFixture m_users;
    ConsumeSettings m_consume;
};

void MessagesTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
}

void MessagesTest::cleanupTestCase()
{
    QVERIFY(m_servers->killPostgres()); // an orderly end would first write down two dozen databases
    m_servers.reset();
}

void MessagesTest::init()
{
    m_users = UsersFixture::make(*m_servers);
    QVERIFY2(m_users.error.isEmpty(), qPrintable(m_users.error));
    m_users.settings.firstRetry = 20ms;
    m_users.settings.lastRetry = 100ms;
    m_users.settings.retention = 200ms;
    m_consume = {};
    m_consume.claimAfter = 100ms;
    WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
    ReadThrough reader(engine.postgres(), engine.redis(), m_users.settings);
    QCOMPARE(reader.fill({{"1"}, {"2"}, {"3"}}, Clock::now() + 10s).value_or(-1), 3);
}

QByteArray MessagesTest::fates(Parts &parts, const std::vector<Message> &messages)
{
    const auto told = parts.applier.apply(messages);
    if (!told)
        return told.error().message.toUtf8();
    QByteArray word;
    for (const MessageFate &fate : *told)
        word += fate.kind == MessageFate::Kind::Applied ? 'A' : fate.kind == MessageFate::Kind::Dead ? 'D' : 'S';
    return word;
}

void MessagesTest::theNewerWinsInEveryOrder()
{
    const auto both = parts();
    QCOMPARE(fates(*both, {message("20-0", "1", "20")}), "A");
    QCOMPARE(fates(*both, {message("19-7", "1", "19"), message("20-1", "2", "21")}), "SA");
    QCOMPARE(row("1"), "20 First1");
    QCOMPARE(cached("1"), "20 First1");
    QCOMPARE(fates(*both, {message("20-5", "2", "5"), message("20-4", "2", "4"), message("20-6", "2", "6")}), "SSA");
    QCOMPARE(row("2"), "6 First2");
    QCOMPARE(cached("2"), "6 First2");
    QCOMPARE(both->applier.committed(), 3);
}

void MessagesTest::anOlderMessageSetsWhatNoNewerNames()
{
    const auto both = parts();
    QCOMPARE(fates(*both, {message("20-0", "1", "20")}), "A");
    QCOMPARE(fates(*both, {message("10-0", "1", R"({"score":10,"first":"Old"})")}), "A");
    QCOMPARE(row("1"), "20 Old");
    QCOMPARE(cached("1"), "20 Old");
    QCOMPARE(fates(*both, {message("15-0", "1", R"({"score":15,"first":null})")}), "A");
    QCOMPARE(row("1"), "20 NULL");
    QCOMPARE(cached("1"), "20 NULL");
    // Within one batch as well.
    QCOMPARE(fates(*both, {message("40-0", "3", "40"), message("30-0", "3", R"({"score":30,"first":"Ana"})")}), "AA");
    QCOMPARE(cached("3"), "40 Ana");
}

void MessagesTest::aMessageIsAppliedOnce()
{
    const auto first = parts();
    const std::vector<Message> batch{message("5-0", "1", "5"), message("6-0", "2", "6")};
    QCOMPARE(fates(*first, batch), "AA");
    const QByteArray version = value(u"SELECT max(version)::text FROM users"_s);
    QVERIFY(sql(u"UPDATE users SET score = 77 WHERE id = 1"_s));
    QCOMPARE(fates(*parts(), batch), "SS");
    QCOMPARE(fates(*first, batch), "SS");
    QCOMPARE(row("1"), "77 First1"); // what was written since then stays
    QCOMPARE(cached("1"), "77 First1");
    QCOMPARE(value(u"SELECT version::text FROM users WHERE id = 2"_s), version);
}

void MessagesTest::aCommitWithoutItsPushIsPushedByTheNext()
{
    const auto killed = parts();
    QVERIFY(killed->postgres.ensure());
    MessageStore store(killed->postgres.connection(), m_users.mapping, m_consume.stream);
    const std::vector<RowWish> wishes{{{"1"}, {{fieldOf(m_users.mapping, "score"), "5", {5, 0}}}}};
    const auto applied = store.apply(OpId::create(), wishes, Clock::now() + 10s);
    QVERIFY(applied && applied->front().row);
    QCOMPARE(cached("1"), "0 First1");
    QCOMPARE(fates(*parts(), {message("5-0", "1", "5")}), "S");
    QCOMPARE(cached("1"), "5 First1");
}

void MessagesTest::aKeyMayHaveAnySpelling()
{
    const auto both = parts();
    QCOMPARE(fates(*both, {message("1-0", "1", "1"), message("2-0", "01", "2"), message("3-0", "+1", "3"),
                           message("4-0", "2", "4"), message("5-0", "99", "5")}),
             "AAAAD");
    QCOMPARE(cached("1"), "3 First1");
    QCOMPARE(fates(*both, {message("2-5", "001", "9")}), "S");
    QCOMPARE(cached("1"), "3 First1");
}

void MessagesTest::aRefusedMessageStandsAlone()
{
    QVERIFY(
        sql(u"ALTER TABLE users ADD CONSTRAINT small CHECK (score < 1000);"
            "INSERT INTO users(username,email,password_hash) SELECT 'm'||n,'m'||n,'x' FROM generate_series(4,60) n"_s));
    std::vector<Message> batch;
    QByteArray expected;
    for (int i = 1; i <= 60; ++i) {
        const bool bad = i == 7 || i == 8 || i == 55;
        batch.push_back({QByteArray::number(i) + "-0", QByteArray::number(i), QByteArray(bad ? "5000" : "50"), {}});
        expected += bad ? 'D' : 'A';
    }
    const auto both = parts();
    QCOMPARE(fates(*both, batch), expected);
    QCOMPARE(value(u"SELECT count(*)::text FROM users WHERE score = 50"_s), "57");
    // What was refused has closed no gate.
    QCOMPARE(fates(*both, {message("6-9", "7", "49")}), "A");
}

void MessagesTest::onlyOneOfSeveralForARowIsToBlame()
{
    QVERIFY(sql(u"ALTER TABLE users ADD CONSTRAINT small CHECK (score < 1000)"_s));
    QCOMPARE(fates(*parts(), {message("1-0", "1", "10"), message("2-0", "1", R"({"first":"Ana"})"),
                              message("3-0", "1", "5000"), message("4-0", "2", "7")}),
             "AADA");
    QCOMPARE(cached("1"), "10 Ana");
    QCOMPARE(cached("2"), "7 First2");
}

void MessagesTest::aNameIsFreedBeforeItIsTaken()
{
    QVERIFY(sql(u"ALTER TABLE users ADD CONSTRAINT names UNIQUE (first_name)"_s));
    // Row 1 comes first in key order and takes the name that row 2 gives up.
    QCOMPARE(
        fates(*parts(), {message("1-0", "2", R"({"first":"Free"})"), message("2-0", "1", R"({"first":"First2"})")}),
        "AA");
    QCOMPARE(row("1"), "0 First2");
    QCOMPARE(fates(*parts(), {message("3-0", "3", R"({"first":"First2"})")}), "D");
}

void MessagesTest::aRowThatMayOnlyBeReadIsADeadLetter()
{
    QVERIFY(sql(u"CREATE ROLE plain; GRANT SELECT, UPDATE ON users TO plain;"
                "CREATE POLICY looking ON users FOR SELECT USING (true);"
                "CREATE POLICY changing ON users FOR UPDATE USING (id <> 2);"
                "ALTER TABLE users ENABLE ROW LEVEL SECURITY"_s));
    m_users.settings.conninfo += u" options='-c role=plain'"_s;
    QCOMPARE(fates(*parts(), {message("1-0", "1", "5"), message("2-0", "2", "6")}), "AD");
    QCOMPARE(row("2"), "0 First2");
}

void MessagesTest::aRowThatATriggerKeepsIsADeadLetter()
{
    QVERIFY(sql(u"CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;"
                "CREATE TRIGGER keep BEFORE UPDATE ON users FOR EACH ROW WHEN (OLD.id=2) EXECUTE FUNCTION keep()"_s));
    QCOMPARE(fates(*parts(), {message("1-0", "1", "5"), message("2-0", "2", "6"), message("3-0", "3", "7")}), "ADA");
    QCOMPARE(row("2"), "0 First2");
    // The gate was not moved: what comes later is judged by itself.
    QVERIFY(sql(u"DROP TRIGGER keep ON users"_s));
    QCOMPARE(fates(*parts(), {message("2-0", "2", "6")}), "A");
}

void MessagesTest::aRowThatATriggerChangesOnceMoreIsPushedAsItIs()
{
    QVERIFY(sql(u"CREATE FUNCTION once_more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "UPDATE users SET first_name = 'Trigger' WHERE id = NEW.id; RETURN NULL; END $$;"
                "CREATE TRIGGER once_more AFTER UPDATE OF score ON users FOR EACH ROW EXECUTE FUNCTION once_more()"_s));
    m_users.mapping.foreignTriggers = true;
    QCOMPARE(fates(*parts(), {message("1-0", "1", "5"), message("2-0", "2", "6")}), "AA");
    QCOMPARE(cached("1"), "5 Trigger");
    QCOMPARE(cached("2"), "6 Trigger");
}

void MessagesTest::aBatchOfThousandsIsLinear()
{
    QVERIFY(sql(u"INSERT INTO users(username,email,password_hash) SELECT 'm'||n,'m'||n,'x' "
                "FROM generate_series(4,5000) n; ANALYZE users"_s));
    std::vector<Message> batch;
    for (int i = 1; i <= 5000; ++i)
        batch.push_back({QByteArray::number(i) + "-0", QByteArray::number(5001 - i), QByteArray::number(i), {}});
    const auto both = parts();
    QCOMPARE(fates(*both, batch), QByteArray(5000, 'A'));
    QCOMPARE(both->applier.committed(), 5000);
    QCOMPARE(value(u"SELECT count(*)::text FROM users WHERE score = 5001 - id"_s), "5000");
    // Each statement left one row in the outbox.
    QCOMPARE(value(u"SELECT count(*)::text || ' ' || max(cardinality(ids)) FROM wt_outbox WHERE op_id IS NOT NULL"_s),
             "10 500");
}

/// The statement waits for a row's lock when its backend is ended; a lost attempt that does arrive is played by another
/// connection.
void MessagesTest::aLostAnswerIsAppliedOnce()
{
    PgConnection holder({m_users.settings.conninfo, u"holder"_s}, nullptr);
    QVERIFY(holder.open());
    QVERIFY(holder.runScript("BEGIN; UPDATE users SET last_name = 'held' WHERE id = 2", Clock::now() + 10s));
    QByteArray told;
    std::thread consumer([&] { told = fates(*parts(), {message("5-0", "1", "5"), message("6-0", "2", "6")}); });
    const QString waits = u"SELECT count(*)::text FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                          "application_name = 'throughline-test'"_s;
    const bool waited = QTest::qWaitFor([&] { return value(waits) == "1"; }, 20000);
    const QByteArray ended =
        value(u"SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
              "application_name = 'throughline-test'"_s);
    const bool waitsAgain = QTest::qWaitFor([&] { return value(waits) == "1"; }, 20000);
    const auto released = holder.runScript("COMMIT", Clock::now() + 10s);
    consumer.join();
    QVERIFY(waited && waitsAgain && released);
    QCOMPARE(ended, "1");
    QCOMPARE(told, "AA");
    QCOMPARE(cached("1"), "5 First1");
    QCOMPARE(cached("2"), "6 First2");
    QCOMPARE(value(u"SELECT count(*)::text FROM wt_outbox WHERE op_id IS NOT NULL AND '1' = ANY(ids)"_s), "1");
}

void MessagesTest::aWholeRunFromProducerToBothStores()
{
    ProduceSettings produce;
    produce.rate = 0;
    produce.count = 3000;
    StopSignal signal;
    ProduceReport produced;
    produceRedisStream(m_users.mapping, m_users.settings, produce, signal,
                       [&](const ProduceReport &report) { produced = report; });
    QCOMPARE(produced.sent, 3000);
    QVERIFY(produced.ended && !produced.failed);
    m_consume.once = true;
    Running consumer(m_users.mapping, m_users.settings, m_consume);
    QVERIFY(consumer.ended());
    const ConsumeReport report = consumer.report();
    QVERIFY(!report.failed);
    QCOMPARE(report.received, 3000);
    QCOMPARE(report.applied + report.superseded, 3000);
    QCOMPARE(report.committed, 9); // three rows in each batch of a thousand
    QCOMPARE(report.pending, 0);
    // The last entry of each user is what both stores say.
    const QByteArrayList entries = m_servers->redis({"XRANGE", defaultStream, "-", "+"});
    QHash<QByteArray, QByteArray> last;
    for (qsizetype i = 0; i + 4 < entries.size(); i += 5)
        last[entries[i + 2]] = entries[i + 4];
    for (const char *key : {"1", "2", "3"}) {
        QVERIFY(last[key].toInt() >= 1000 && last[key].toInt() <= 999999);
        QCOMPARE(row(key), last[key] + " First" + key);
        QCOMPARE(cached(key), row(key));
    }
    QCOMPARE(m_servers->redis({"XINFO", "CONSUMERS", defaultStream, defaultGroup}).size(), 0); // it has left
}

void MessagesTest::deadLettersKeepTheMessage()
{
    const QByteArray bad = add("1", "{\"score\":\"x\"}");
    const QByteArray good = add("1", "5");
    m_servers->redis({"XADD", defaultStream, "*", "user", "1", "value", "6"});
    m_consume.once = true;
    Running consumer(m_users.mapping, m_users.settings, m_consume);
    QVERIFY(consumer.ended());
    QCOMPARE(consumer.report().dead, 2);
    QCOMPARE(consumer.report().applied, 1);
    QCOMPARE(pending(), "0");
    const QByteArrayList dead = m_servers->redis({"XRANGE", "score-changes-dead", "-", "+"});
    QCOMPARE(dead.mid(1, 6), (QByteArrayList{"key", "1", "value", "{\"score\":\"x\"}", "id", bad}));
    QCOMPARE(dead.value(7), "reason");
    QVERIFY(dead.value(8).contains("score must be a whole number"));
    QCOMPARE(dead.mid(10, 4), (QByteArrayList{"value", "6", "user", "1"}));
    QCOMPARE(cached("1"), "5 First1");
}

void MessagesTest::whatAnEndedConsumerHadIsClaimed()
{
    {
        const auto killed = parts();
        QVERIFY(killed->source.next(10, 0ms)); // makes the group
        QVERIFY(!add("1", "5").isEmpty() && !add("2", "6").isEmpty());
        QCOMPARE(killed->source.next(10, 1s)->messages.size(), 2U);
    }
    QCOMPARE(pending(), "2");
    QVERIFY(!add("1", "7").isEmpty());
    Running consumer(m_users.mapping, m_users.settings, m_consume);
    QVERIFY(QTest::qWaitFor([&] { return consumer.report().received == 3; }, 20000));
    consumer.stop();
    QVERIFY(consumer.ended());
    QCOMPARE(pending(), "0");
    QCOMPARE(cached("1"), "7 First1"); // whichever was read first
    QCOMPARE(cached("2"), "6 First2");
}

void MessagesTest::whatABrokenConnectionSwallowedComesAgain()
{
    m_consume.claimAfter = 1h;
    const auto both = parts();
    QVERIFY(!add("1", "5").isEmpty());
    QCOMPARE(both->source.next(10, 1s)->messages.size(), 1U);
    m_servers->redis({"CLIENT", "KILL", "TYPE", "normal"});
    const auto again = both->patience.until([&] { return both->source.next(10, 0ms); });
    QVERIFY(again);
    QCOMPARE(again->messages.size(), 1U);
    QVERIFY(both->source.settle(std::vector{again->messages.front().id}, {}));
    QCOMPARE(both->source.next(10, 0ms)->messages.size(), 0U);
    QCOMPARE(pending(), "0");
}

void MessagesTest::trimmedMessagesAreCountedAndOwedNoMore()
{
    {
        const auto killed = parts();
        for (int i = 0; i < 30; ++i)
            QVERIFY(!add("1", "5").isEmpty());
        QCOMPARE(killed->source.next(30, 1s)->messages.size(), 30U);
        m_servers->redis({"XTRIM", defaultStream, "MAXLEN", "10"});
        // The one who holds them, after a break of his connection:
        m_servers->redis({"CLIENT", "KILL", "TYPE", "normal"});
        const auto again = killed->patience.until([&] { return killed->source.next(30, 0ms); });
        QVERIFY(again);
        QCOMPARE(again->gone, 20);
        QCOMPARE(again->messages.size(), 10U);
    }
    m_servers->redis({"XTRIM", defaultStream, "MAXLEN", "0"});
    QVERIFY(!add("2", "6").isEmpty());
    // Another one, who claims them:
    Running consumer(m_users.mapping, m_users.settings, m_consume);
    QVERIFY(QTest::qWaitFor([&] { return consumer.report().gone == 10 && consumer.report().received == 1; }, 20000));
    consumer.stop();
    QVERIFY(consumer.ended());
    QCOMPARE(pending(), "0");
    QCOMPARE(cached("2"), "6 First2");
}

void MessagesTest::aDeletedStreamIsMadeAgain()
{
    Running consumer(m_users.mapping, m_users.settings, m_consume);
    QVERIFY(!add("1", "5").isEmpty());
    QVERIFY(QTest::qWaitFor([&] { return consumer.report().received == 1; }, 20000));
    m_servers->redis({"DEL", defaultStream});
    QVERIFY(!add("1", "6").isEmpty());
    QVERIFY(QTest::qWaitFor([&] { return consumer.report().received == 2; }, 20000));
    QCOMPARE(cached("1"), "6 First1");
}

void MessagesTest::aStoreThatIsAwayIsWaitedFor_data()
{
    QTest::addColumn<bool>("postgres");
    QTest::newRow("PostgreSQL") << true;
    QTest::newRow("Redis") << false;
}

void MessagesTest::aStoreThatIsAwayIsWaitedFor()
{
    QFETCH(bool, postgres);
    Running consumer(m_users.mapping, m_users.settings, m_consume);
    QVERIFY(!add("1", "5").isEmpty());
    QVERIFY(QTest::qWaitFor([&] { return consumer.report().applied == 1; }, 20000));
    QVERIFY(postgres ? m_servers->killPostgres() : m_servers->killRedis());
    if (postgres)
        QVERIFY(!add("1", "6").isEmpty());
    QVERIFY(QTest::qWaitFor([&] { return consumer.report().hindered.has_value(); }, 20000));
    QVERIFY(postgres ? m_servers->startPostgres() : m_servers->startRedis());
    if (!postgres)
        QVERIFY(!add("1", "6").isEmpty());
    QVERIFY(QTest::qWaitFor([&] { return consumer.report().received == 2 && !consumer.report().hindered; }, 30000));
    consumer.stop();
    QVERIFY(consumer.ended());
    QCOMPARE(pending(), "0");
    QCOMPARE(row("1"), "6 First1");
    // Whoever follows the outbox replays what a killed Redis lost; the consumer's own pushes are there.
    QCOMPARE(cached("1"), "6 First1");
}

void MessagesTest::anEndWhileAStoreIsAwayLeavesTheMessagesPending()
{
    Running consumer(m_users.mapping, m_users.settings, m_consume);
    QVERIFY(!add("1", "5").isEmpty());
    QVERIFY(QTest::qWaitFor([&] { return consumer.report().applied == 1; }, 20000));
    QVERIFY(m_servers->killPostgres());
    QVERIFY(!add("1", "6").isEmpty());
    QVERIFY(QTest::qWaitFor([&] { return consumer.report().hindered.has_value(); }, 20000));
    consumer.stop();
    QVERIFY(consumer.ended());
    QVERIFY(!consumer.report().failed);
    QCOMPARE(consumer.report().pending, 1);
    QVERIFY(m_servers->startPostgres());
    Running next(m_users.mapping, m_users.settings, m_consume);
    QVERIFY(QTest::qWaitFor([&] { return next.report().applied == 1; }, 20000));
    QCOMPARE(cached("1"), "6 First1");
}

void MessagesTest::aTableOutOfOrderEndsTheRunAndLosesNothing()
{
    QVERIFY(sql(u"ALTER TABLE wt_applied RENAME TO elsewhere"_s));
    QVERIFY(!add("1", "5").isEmpty());
    {
        Running consumer(m_users.mapping, m_users.settings, m_consume);
        QVERIFY(consumer.ended());
        QVERIFY(consumer.report().failed);
        QCOMPARE(consumer.report().pending, 1);
    }
    QVERIFY(sql(u"ALTER TABLE elsewhere RENAME TO wt_applied"_s));
    Running next(m_users.mapping, m_users.settings, m_consume);
    QVERIFY(QTest::qWaitFor([&] { return next.report().applied == 1; }, 20000));
    QCOMPARE(m_servers->redis({"EXISTS", "score-changes-dead"}).value(0), "0");
}

QTEST_GUILESS_MAIN(MessagesTest)
#include "tst_messages.moc"
