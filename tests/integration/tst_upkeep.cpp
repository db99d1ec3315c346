// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/readthrough.h"
#include "engine/rowreader.h"
#include "engine/upkeep.h"
#include "engine/writethrough.h"
#include "stores/postgres/pgschema.h"
#include "usersfixture.h"

#include <QTest>

#include <array>
#include <atomic>
#include <functional>
#include <latch>
#include <memory>
#include <stop_token>
#include <thread>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Draining, taking over and recovering on real servers, step by step.
class UpkeepTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();

    void foreignSqlReachesTheCache_data();
    void foreignSqlReachesTheCache();
    void aRolledBackChangeDoesNot();
    void aDrainedRowStaysUntilItIsSafe();
    void deletionsStayForTheJournal();
    void whatAnEndedProgramLeftIsTakenOver();
    void whatAHangingProgramLeftIsTakenOver();
    void aLivingProgramsRowsAreLeftToIt();
    void twoDrainersShareTheWork();
    void aDrainerDoesNotWaitForAnother();
    void onceTakesOverAndMarks();
    void tooMuchIsDroppedInsteadOfReplayed();
    void redisAwayIsWaitedFor();
    void aRestartedRedisIsReplayed();
    void aRedisThatCameBackTooOldIsEmptied();
    void nothingIsFilledBeforeTheRecovery();
    void aFlushedRedisIsFilledAgain();
    void ownRowsLeaveTheOutbox();
    void rowsThatOurChangeChangedElsewhereAreDrained();
    void aRowThatATriggerChangesOnceMoreIsPushedAsItIs();
    void aPendingEditIsSavedLater();
    void aRedisThatBecameAReplicaIsLeft();
    void aBrokenConnectionRepeatsThePush();

private:
    [[nodiscard]] bool sql(const QString &text) { return m_servers->execute(m_users.settings.conninfo, text); }
    [[nodiscard]] QByteArray value(const QString &text)
    {
        return m_servers->scalar(m_users.settings.conninfo, text).value_or(QByteArray());
    }
    [[nodiscard]] QByteArray waiting()
    {
        return value(u"SELECT count(*)::text FROM wt_outbox WHERE drained_at IS NULL"_s);
    }
    [[nodiscard]] bool agree(int keys = 3);
    [[nodiscard]] bool stepUntil(Upkeep &upkeep, const std::function<bool()> &done);
    [[nodiscard]] Edit update(const char *key, const char *score);
    void cacheAll();

    std::unique_ptr<TestServers> m_servers;
    UsersFixture m_users;
};

void UpkeepTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
}

void UpkeepTest::cleanupTestCase()
{
    m_servers.reset();
}

void UpkeepTest::init()
{
    m_users = UsersFixture::make(*m_servers);
    QVERIFY2(m_users.error.isEmpty(), qPrintable(m_users.error));
    m_users.settings.retention = 200ms;
    m_users.settings.pollInterval = 10ms;
    m_users.settings.orphanInterval = 50ms;
    m_users.settings.heartbeatInterval = 20ms;
    m_users.settings.claimAge = 60s;
    m_users.settings.firstRetry = 20ms;
    m_users.settings.lastRetry = 100ms;
    cacheAll();
}

void UpkeepTest::cacheAll()
{
    WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
    ReadThrough reader(engine.postgres(), engine.redis(), m_users.settings);
    QCOMPARE(reader.fill({{"1"}, {"2"}, {"3"}}, Clock::now() + 10s).value_or(-1), 3);
}

/// Every row is cached and equal, or not cached.
bool UpkeepTest::agree(int keys)
{
    RowReader reader(m_users.mapping, m_users.settings, nullptr);
    for (int key = 1; key <= keys; ++key) {
        if (reader.pair({QByteArray::number(key)}).comparison.isFault())
            return false;
    }
    return true;
}

bool UpkeepTest::stepUntil(Upkeep &upkeep, const std::function<bool()> &done)
{
    return QTest::qWaitFor(
        [&] {
            std::ignore = upkeep.step();
            return done();
        },
        20000);
}

Edit UpkeepTest::update(const char *key, const char *score)
{
    const QByteArray base = value(u"SELECT version::text FROM users WHERE id = %1"_s.arg(QLatin1StringView(key)));
    return {OpId::create(),
            EditKind::Update,
            {key},
            {base.toLongLong()},
            {{fieldOf(m_users.mapping, "score"), QByteArray(score)}},
            Origin::Grid};
}

void UpkeepTest::foreignSqlReachesTheCache_data()
{
    QTest::addColumn<QString>("statement");
    QTest::newRow("update") << u"UPDATE users SET score = 7"_s;
    QTest::newRow("delete") << u"DELETE FROM users WHERE id = 2"_s;
    QTest::newRow("deleted and added again") << u"DELETE FROM users WHERE id = 2; INSERT INTO users(id,username,email,"
                                                "password_hash) VALUES(2,'new','new@example.org','x')"_s;
    QTest::newRow("changed key") << u"UPDATE users SET id = 9 WHERE id = 2"_s;
    QTest::newRow("upsert") << u"INSERT INTO users(id,username,email,password_hash) VALUES(2,'u','u','x') ON CONFLICT "
                               "(id) DO UPDATE SET score = 5"_s;
    QTest::newRow("version by hand") << u"UPDATE users SET score = 8, version = 1"_s;
    QTest::newRow("repeatable read") << u"BEGIN ISOLATION LEVEL REPEATABLE READ; UPDATE users SET score = 9; COMMIT"_s;
    QTest::newRow("own session without version")
        << u"SET wt.node = '99999'; UPDATE users SET score = 10 WHERE id = 1"_s;
    QTest::newRow("1200 rows")
        << u"INSERT INTO users(username,email,password_hash) SELECT 'm'||n,'m'||n,'x' FROM generate_series(1,1200) n;"
           "UPDATE users SET score = 11"_s;
}

void UpkeepTest::foreignSqlReachesTheCache()
{
    QFETCH(QString, statement);
    QVERIFY2(sql(statement), qPrintable(m_servers->error()));
    QVERIFY(!agree());
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(stepUntil(upkeep, [&] { return waiting() == "0"; }));
    QVERIFY(agree(9));
    QVERIFY(!upkeep.report().error);
    QVERIFY(upkeep.report().claimedRows > 0);
}

void UpkeepTest::aRolledBackChangeDoesNot()
{
    QVERIFY(sql(u"BEGIN; UPDATE users SET score = 99; ROLLBACK"_s));
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    std::ignore = upkeep.step();
    QCOMPARE(upkeep.report().claimedRows, 0);
    QVERIFY(agree());
}

void UpkeepTest::aDrainedRowStaysUntilItIsSafe()
{
    m_users.settings.retention = 1h;
    QVERIFY(sql(u"UPDATE users SET score = 7 WHERE id = 1"_s));
    {
        Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
        QVERIFY(stepUntil(upkeep, [&] { return upkeep.report().pushedKeys == 1; }));
        std::ignore = upkeep.step();
        QVERIFY(agree());
        QCOMPARE(waiting(), "1");
    }
    m_users.settings.retention = 100ms;
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(stepUntil(upkeep, [&] { return value(u"SELECT count(*)::text FROM wt_outbox"_s) == "0"; }));
    QCOMPARE(value(u"SELECT isfinite(at)::text FROM wt_purged"_s), "true");
}

void UpkeepTest::deletionsStayForTheJournal()
{
    QVERIFY(sql(u"DELETE FROM users WHERE id = 2"_s));
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(stepUntil(upkeep, [&] { return waiting() == "0"; }));
    QCOMPARE(value(u"SELECT count(*)::text FROM wt_outbox WHERE op = 'D' AND drained_at IS NOT NULL"_s), "1");
    // An added row that got an older number than the deletion is refused; one that is drawn now is not.
    QVERIFY(sql(u"INSERT INTO users(id,username,email,password_hash) VALUES(2,'new','new','x')"_s));
    QVERIFY(stepUntil(upkeep, [&] { return waiting() == "0"; }));
    QVERIFY(agree());
    m_users.settings.journalKeep = 0ms;
    Upkeep later({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(stepUntil(later, [&] { return value(u"SELECT count(*)::text FROM wt_outbox"_s) == "0"; }));
}

void UpkeepTest::whatAnEndedProgramLeftIsTakenOver()
{
    m_users.settings.ackDeadline = 100ms;
    {
        WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
        m_servers->pauseRedis();
        QCOMPARE(engine.write(update("1", "4711")).verdict, Verdict::CommittedCachePending);
    }
    m_servers->resumeRedis();
    QVERIFY(!agree());
    m_users.settings.ackDeadline = 2s;
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(stepUntil(upkeep, [&] { return waiting() == "0"; }));
    QVERIFY(agree());
    // Its writer may still ask what became of the edit.
    QCOMPARE(value(u"SELECT count(*)::text FROM wt_outbox WHERE op_id IS NOT NULL"_s), "1");
}

void UpkeepTest::whatAHangingProgramLeftIsTakenOver()
{
    m_users.settings.ackDeadline = 100ms;
    WriteThrough hanging(m_users.mapping, m_users.settings, nullptr);
    m_servers->pauseRedis();
    QCOMPARE(hanging.write(update("1", "4711")).verdict, Verdict::CommittedCachePending);
    m_servers->resumeRedis();
    m_users.settings.ackDeadline = 2s;
    m_users.settings.claimAge = 300ms;
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(stepUntil(upkeep, [&] { return upkeep.report().pushedKeys == 1; }));
    QVERIFY(agree());
}

void UpkeepTest::aLivingProgramsRowsAreLeftToIt()
{
    WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
    QCOMPARE(engine.write(update("1", "1")).verdict, Verdict::Committed);
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    for (int i = 0; i < 5; ++i)
        std::ignore = upkeep.step();
    QCOMPARE(upkeep.report().claimedRows, 0);
}

void UpkeepTest::twoDrainersShareTheWork()
{
    std::array<std::atomic<qint64>, 2> claimed{};
    std::latch connected(2);
    const auto drain = [&](const std::stop_token &stop, std::atomic<qint64> &mine) {
        Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
        std::ignore = upkeep.step();
        connected.count_down();
        while (!stop.stop_requested())
            mine = upkeep.step().claimedRows;
    };
    std::jthread first(drain, std::ref(claimed[0]));
    std::jthread second(drain, std::ref(claimed[1]));
    connected.wait();
    const auto bothHaveSome = [&] { return claimed[0] > 0 && claimed[1] > 0; };
    const Instant deadline = Clock::now() + 20s;
    qint64 written = 0;
    // On a busy machine one may come too late for the first of them.
    while (written < 400 || (!bothHaveSome() && Clock::now() < deadline)) {
        QVERIFY(sql(u"DO $$ BEGIN FOR i IN 1..100 LOOP UPDATE users SET score = i WHERE id = 1 + i % 3; COMMIT; "
                    "END LOOP; END $$"_s));
        written += 100;
    }
    QVERIFY(QTest::qWaitFor([&] { return waiting() == "0"; }, 20000));
    for (std::jthread *thread : {&first, &second}) {
        thread->request_stop();
        thread->join();
    }
    QVERIFY(bothHaveSome());
    QCOMPARE(claimed[0] + claimed[1], written); // each row by one of them, and once
    QVERIFY(agree());
}

/// Another one that stands still in the middle of its claim keeps its rows and stops nobody.
void UpkeepTest::aDrainerDoesNotWaitForAnother()
{
    QVERIFY(sql(u"DO $$ BEGIN FOR i IN 1..40 LOOP UPDATE users SET score = i WHERE id = 1; END LOOP; END $$"_s));
    PostgresLink other(m_users.mapping, m_users.settings, LinkRole::Writer, nullptr);
    QVERIFY(other.ensure());
    QVERIFY(other.connection().runScript("BEGIN; SELECT FROM wt_outbox ORDER BY seq LIMIT 10 FOR UPDATE",
                                         Clock::now() + 10s));
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(!upkeep.step().error);
    QCOMPARE(upkeep.report().claimedRows, 30);
    QVERIFY(other.connection().runScript("ROLLBACK", Clock::now() + 10s));
    QVERIFY(stepUntil(upkeep, [&] { return waiting() == "0"; }));
    QCOMPARE(upkeep.report().claimedRows, 40);
    QVERIFY(agree());
}

void UpkeepTest::onceTakesOverAndMarks()
{
    m_users.settings.retention = 1h;
    QVERIFY(sql(u"UPDATE users SET score = 7; DELETE FROM users WHERE id = 3"_s));
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(upkeep.finishOnce(Clock::now() + 10s));
    QVERIFY(agree());
    QCOMPARE(waiting(), "0");
    QCOMPARE(value(u"SELECT count(*)::text FROM wt_outbox"_s), "2"); // a recovery still finds them
}

void UpkeepTest::tooMuchIsDroppedInsteadOfReplayed()
{
    m_users.settings.outboxLimit = 100;
    QVERIFY(
        sql(u"DO $$ BEGIN FOR i IN 1..3000 LOOP UPDATE users SET score = i WHERE id = 1 + i % 3; END LOOP; END $$"_s));
    m_servers->redis({"HSET", "other:1", "a", "b"});
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(stepUntil(upkeep, [&] { return waiting() == "0"; }));
    QCOMPARE(upkeep.report().tablesDropped, 1);
    QVERIFY(agree());
    QCOMPARE(m_servers->redis({"EXISTS", "other:1"}).value(0), "1");
}

void UpkeepTest::redisAwayIsWaitedFor()
{
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(!upkeep.step().error);
    QVERIFY(m_servers->stopRedis());
    QVERIFY(sql(u"UPDATE users SET score = 7"_s));
    QVERIFY(stepUntil(upkeep, [&] { return upkeep.report().error.has_value(); }));
    QCOMPARE(upkeep.report().error->store, Store::Redis);
    QCOMPARE(waiting(), "1");
    QVERIFY(m_servers->startRedis());
    QVERIFY(stepUntil(upkeep, [&] { return waiting() == "0"; }));
    QVERIFY(agree());
}

void UpkeepTest::aRestartedRedisIsReplayed()
{
    m_users.settings.retention = 1h; // nothing leaves the outbox before the restart
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(sql(u"UPDATE users SET score = 7"_s));
    QVERIFY(stepUntil(upkeep, [&] { return upkeep.report().pushedKeys == 3; }));
    QVERIFY(m_servers->stopRedis());
    QVERIFY(m_servers->startRedis());
    // As a Redis would come back that lost its last moments.
    m_servers->redis({"HSET", "users:1", "score", "0", "version", "1"});
    QVERIFY(!agree());
    QVERIFY(stepUntil(upkeep, [&] { return agree(); }));
    const QByteArray runId = m_servers->redis({"GET", "wt:ok:users"}).value(0);
    QVERIFY(m_servers->redis({"INFO", "server"}).value(0).contains("run_id:" + runId));
    QVERIFY(!runId.isEmpty());
    QCOMPARE(m_servers->redis({"EXISTS", "users:2"}).value(0), "1"); // it was kept
}

void UpkeepTest::aRedisThatCameBackTooOldIsEmptied()
{
    {
        Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
        QVERIFY(sql(u"UPDATE users SET score = 7"_s));
        QVERIFY(stepUntil(upkeep, [&] { return value(u"SELECT count(*)::text FROM wt_outbox"_s) == "0"; }));
    }
    QVERIFY(m_servers->stopRedis());
    QVERIFY(m_servers->startRedis());
    // An hour ago: before pushes that the outbox does not remember any more.
    const qint64 hourAgo = (QDateTime::currentMSecsSinceEpoch() - 3'600'000) * 1000;
    m_servers->redis({"SET", "wt:hb:users", QByteArray::number(hourAgo)});
    m_servers->redis({"HSET", "users:1", "score", "0", "version", "1"});
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(stepUntil(upkeep, [&] { return agree(); }));
    QCOMPARE(m_servers->redis({"EXISTS", "users:1", "users:2", "users:3"}).value(0), "0");
    QVERIFY(m_servers->redis({"GET", "wt:hb:users"}).value(0).toLongLong() > hourAgo);
}

void UpkeepTest::nothingIsFilledBeforeTheRecovery()
{
    QVERIFY(m_servers->stopRedis());
    QVERIFY(m_servers->startRedis());
    m_servers->redis({"DEL", "users:1"});
    WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
    ReadThrough reader(engine.postgres(), engine.redis(), m_users.settings);
    const auto before = reader.read({"1"});
    QVERIFY(before && before->row && !before->fromCache);
    const auto cachedOne = reader.read({"2"});
    QVERIFY(cachedOne && !cachedOne->fromCache); // it may be older than what was read before the restart
    QCOMPARE(m_servers->redis({"EXISTS", "users:1"}).value(0), "0");
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(upkeep.recover());
    std::ignore = reader.read({"1"});
    const auto after = reader.read({"1"});
    QVERIFY(after && after->fromCache);
}

void UpkeepTest::aFlushedRedisIsFilledAgain()
{
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(upkeep.step().error == std::nullopt);
    QVERIFY(m_servers->flushRedis());
    QVERIFY(stepUntil(upkeep, [&] { return m_servers->redis({"EXISTS", "wt:ok:users"}).value(0) == "1"; }));
    cacheAll();
    QVERIFY(agree());
}

void UpkeepTest::ownRowsLeaveTheOutbox()
{
    WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
    QCOMPARE(engine.write(update("1", "1")).verdict, Verdict::Committed);
    QCOMPARE(engine.writeBatch({update("2", "2"), update("3", "3")}).size(), size_t(2));
    QCOMPARE(value(u"SELECT count(*)::text FROM wt_outbox"_s), "2");
    QVERIFY(engine.needsUpkeep());
    QVERIFY(QTest::qWaitFor(
        [&] {
            std::ignore = engine.upkeep();
            return !engine.needsUpkeep();
        },
        20000));
    QCOMPARE(value(u"SELECT count(*)::text FROM wt_outbox"_s), "0");
}

void UpkeepTest::rowsThatOurChangeChangedElsewhereAreDrained()
{
    QVERIFY(sql(u"ALTER TABLE users ADD COLUMN boss int REFERENCES users(id) ON DELETE SET NULL"_s));
    QVERIFY(sql(u"UPDATE users SET boss = 1 WHERE id > 1"_s));
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(stepUntil(upkeep, [&] { return waiting() == "0"; }));
    WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
    Edit edit = update("1", "0");
    edit.kind = EditKind::Delete;
    edit.changes.clear();
    QCOMPARE(engine.write(edit).verdict, Verdict::Committed);
    QVERIFY(!agree()); // the version of the others has risen, and nobody has told the cache
    QVERIFY(stepUntil(upkeep, [&] {
        std::ignore = engine.upkeep();
        return waiting() == "0";
    }));
    QVERIFY(agree());
}

void UpkeepTest::aRowThatATriggerChangesOnceMoreIsPushedAsItIs()
{
    QVERIFY(sql(uR"(CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
 IF pg_trigger_depth() = 1 THEN UPDATE users SET score = score + 1 WHERE id = NEW.id; END IF; RETURN NULL; END $$;
CREATE TRIGGER more AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION more())"_s));
    PgConnection connection({m_users.settings.conninfo, u"test"_s}, nullptr);
    QVERIFY(connection.open());
    m_users.mapping = PgSchema(connection).inspect(MappingConfig::users())->mapping;
    QVERIFY(m_users.mapping.foreignTriggers);
    WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
    const Outcome outcome = engine.write(update("1", "10"));
    QCOMPARE(outcome.verdict, Verdict::Committed);
    QCOMPARE(outcome.row->values[static_cast<size_t>(fieldOf(m_users.mapping, "score"))], Value("11"));
    QVERIFY(agree());
    Upkeep upkeep({m_users.mapping}, m_users.settings, nullptr);
    QVERIFY(stepUntil(upkeep, [&] {
        std::ignore = engine.upkeep();
        return waiting() == "0";
    }));
    QVERIFY(agree());
}

void UpkeepTest::aPendingEditIsSavedLater()
{
    m_users.settings.ackDeadline = 100ms;
    WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
    const Edit edit = update("1", "4711");
    m_servers->pauseRedis();
    QCOMPARE(engine.write(edit).verdict, Verdict::CommittedCachePending);
    QVERIFY(engine.upkeep().empty());
    m_servers->resumeRedis();
    std::vector<Outcome> late;
    QVERIFY(QTest::qWaitFor(
        [&] {
            late = engine.upkeep();
            return !late.empty();
        },
        20000));
    QCOMPARE(late.size(), size_t(1));
    QCOMPARE(late.front().op, edit.op);
    QCOMPARE(late.front().verdict, Verdict::Committed);
    QVERIFY(late.front().late);
    QVERIFY(agree());
}

void UpkeepTest::aRedisThatBecameAReplicaIsLeft()
{
    m_users.settings.ackDeadline = 200ms;
    WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
    QCOMPARE(engine.write(update("1", "1")).verdict, Verdict::Committed);
    m_servers->redis({"REPLICAOF", "127.0.0.1", "1"});
    const Edit edit = update("1", "2");
    QCOMPARE(engine.write(edit).verdict, Verdict::CommittedCachePending);
    const quint64 before = engine.redis().number();
    m_servers->redis({"REPLICAOF", "NO", "ONE"});
    QVERIFY(QTest::qWaitFor([&] { return !engine.upkeep().empty(); }, 20000));
    QVERIFY(engine.redis().number() > before);
    QVERIFY(agree());
}

void UpkeepTest::aBrokenConnectionRepeatsThePush()
{
    m_users.settings.retention = 1s;
    WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
    QCOMPARE(engine.write(update("1", "4711")).verdict, Verdict::Committed);
    // As a Redis would come back that lost the push.
    m_servers->redis({"CLIENT", "KILL", "TYPE", "normal"});
    m_servers->redis({"HSET", "users:1", "score", "0", "version", "1"});
    QVERIFY(QTest::qWaitFor(
        [&] {
            std::ignore = engine.upkeep();
            return !engine.needsUpkeep();
        },
        20000));
    QVERIFY(agree());
}

QTEST_GUILESS_MAIN(UpkeepTest)
#include "tst_upkeep.moc"
