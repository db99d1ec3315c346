// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/bulkwriter.h"
#include "engine/verifier.h"
#include "usersfixture.h"

#include <QTest>

#include <algorithm>
#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int users = 300;
constexpr int deadlineMs = 20000;

} // namespace

/// Batches that set in a hash only what they changed: the same answers and the same hashes as by whole rows, whatever
/// the hash was before and whatever breaks.
class BulkWriterTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void oneBatchIsPushedWhileTheNextIsWritten();
    void aHashKeepsWhatTheStatementDidNotChange();
    void valuesOfEveryKindArriveAsTheyAre();
    void aHashThatIsNotAtTheBaseGetsTheWholeRow_data();
    void aHashThatIsNotAtTheBaseGetsTheWholeRow();
    void aNewerHashStays();
    void anAbsentHashIsFilledWhereThePolicyWantsIt();
    void anAbsentHashStaysAbsentOtherwise();
    void aLeaseIsEnded();
    void theTtlOfThePolicyIsSet();
    void aGeneratedColumnIsSetToo();
    void aTriggerOfSomebodyElseMakesItPushWholeRows_data();
    void aTriggerOfSomebodyElseMakesItPushWholeRows();
    void aTriggerThatComesDuringTheRunIsNoticed();
    void aChangedRowIsAConflictByItself();
    void aRefusedRowStandsAlone();
    void aForgottenScriptIsSentAgain();
    void aPausedRedisLeavesItPendingAndItIsPushedLater();
    void aLostConnectionIsFoundOut();
    void theOutboxIsLeftEmpty();
    void keysOfOtherTypesGoAsText();

private:
    [[nodiscard]] std::vector<RowVersion> versions(int first, int last);
    [[nodiscard]] BulkUpdate update(int first, int last, const char *column, const QByteArray &value);
    [[nodiscard]] BulkOutcome written(BulkUpdate next);
    [[nodiscard]] QByteArray sql(const QString &text)
    {
        return m_servers->scalar(m_users.settings.conninfo, text).value_or("?");
    }
    [[nodiscard]] QByteArray field(const QByteArray &key, const char *name)
    {
        return m_servers->redis({"HGET", "users:" + key, name}).value(0);
    }
    void warm(int first, int last);
    void reopen();
    [[nodiscard]] qint64 differing();

    std::unique_ptr<TestServers> m_servers;
    UsersFixture m_users;
    std::unique_ptr<WriteThrough> m_engine;
    std::unique_ptr<BulkWriter> m_bulk;
};

void BulkWriterTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
}

void BulkWriterTest::cleanupTestCase()
{
    cleanup();
    m_servers.reset();
}

void BulkWriterTest::init()
{
    m_users = UsersFixture::make(*m_servers, users);
    QVERIFY2(m_users.error.isEmpty(), qPrintable(m_users.error));
    m_users.settings.firstRetry = 20ms;
    m_users.settings.lastRetry = 100ms;
    m_users.settings.retention = 200ms;
    reopen();
    warm(1, users);
}

void BulkWriterTest::cleanup()
{
    m_servers->resumeRedis();
    m_bulk.reset();
    m_engine.reset();
}

void BulkWriterTest::reopen()
{
    m_bulk.reset();
    m_engine = std::make_unique<WriteThrough>(m_users.mapping, m_users.settings, nullptr);
    m_bulk = std::make_unique<BulkWriter>(*m_engine, m_users.mapping, m_users.settings);
}

void BulkWriterTest::warm(int first, int last)
{
    std::vector<RowKey> keys;
    for (int key = first; key <= last; ++key)
        keys.push_back({QByteArray::number(key)});
    QVERIFY(m_engine->postgres().ensure());
    QVERIFY(m_engine->redis().ensure());
    m_engine->warm(keys);
    QCOMPARE(field(QByteArray::number(last), "version").isEmpty(), false);
}

std::vector<RowVersion> BulkWriterTest::versions(int first, int last)
{
    std::vector<RowVersion> found;
    const QByteArray all =
        sql(u"SELECT string_agg(version::text, ',' ORDER BY id) FROM users WHERE id BETWEEN %1 AND %2"_s.arg(first).arg(
            last));
    for (const QByteArray &version : all.split(','))
        found.push_back({version.toLongLong()});
    return found;
}

BulkUpdate BulkWriterTest::update(int first, int last, const char *column, const QByteArray &value)
{
    BulkUpdate next;
    next.op = OpId::create();
    next.fields = {fieldOf(m_users.mapping, column)};
    next.bases = versions(first, last);
    for (int key = first; key <= last; ++key) {
        next.keys.add(QByteArray::number(key));
        next.values.add(value);
    }
    return next;
}

/// What became of a batch that nothing follows.
BulkOutcome BulkWriterTest::written(BulkUpdate next)
{
    auto outcomes = m_bulk->write(std::move(next));
    if (outcomes.empty())
        outcomes = m_bulk->finish();
    return outcomes.size() == 1 ? outcomes.front() : BulkOutcome();
}

/// How many rows are not the same in both stores; absent hashes do not count.
qint64 BulkWriterTest::differing()
{
    const VerifyReport report = Verifier(m_users.mapping, m_users.settings, {}, nullptr).verifyAll();
    return report.error ? -1 : report.differing;
}

void BulkWriterTest::oneBatchIsPushedWhileTheNextIsWritten()
{
    const BulkUpdate first = update(1, 200, "score", "11");
    const BulkUpdate second = update(201, 300, "score", "22");
    QVERIFY(m_bulk->write(first).empty());
    QCOMPARE(sql(u"SELECT count(*)::text FROM users WHERE score = 11"_s), "200");
    QVERIFY(field("1", "score") != "11"); // not answered, and not said
    auto outcomes = m_bulk->write(second);
    QCOMPARE(outcomes.size(), size_t(1));
    QCOMPARE(outcomes.front().update.op.uuid, first.op.uuid);
    QCOMPARE(std::ranges::count(outcomes.front().verdicts, Verdict::Committed), 200);
    QCOMPARE(field("200", "score"), "11");
    QCOMPARE(outcomes.front().versions.front().number, field("1", "version").toLongLong());
    outcomes = m_bulk->finish();
    QCOMPARE(outcomes.size(), size_t(1));
    QCOMPARE(outcomes.front().update.op.uuid, second.op.uuid);
    QCOMPARE(std::ranges::count(outcomes.front().verdicts, Verdict::Committed), 100);
    QVERIFY(outcomes.front().postgres > 0ns && outcomes.front().redis > 0ns);
    QVERIFY(m_bulk->finish().empty());
    QCOMPARE(differing(), 0);
}

void BulkWriterTest::aHashKeepsWhatTheStatementDidNotChange()
{
    m_servers->redis({"HSET", "users:5", "elsewhere", "kept"});
    QCOMPARE(written(update(5, 5, "last_name", "O'Neil, \"{x}\\\" ä")).verdicts.front(), Verdict::Committed);
    QCOMPARE(field("5", "elsewhere"), "kept");
    QCOMPARE(field("5", "last"), "O'Neil, \"{x}\\\" ä");
    QCOMPARE(field("5", "first"), "First5");
    QCOMPARE(differing(), 0);
}

void BulkWriterTest::valuesOfEveryKindArriveAsTheyAre()
{
    BulkUpdate next;
    next.op = OpId::create();
    for (const char *column : {"score", "date_of_birth", "first_name", "updated_at"})
        next.fields.push_back(fieldOf(m_users.mapping, column));
    next.bases = versions(1, 130); // more than one call holds
    for (int key = 1; key <= 130; ++key) {
        next.keys.add(QByteArray::number(key));
        next.values.addValue(key % 2 ? Value(QByteArray::number(-key)) : std::nullopt);
        next.values.addValue(key % 3 ? Value("1999-12-31") : std::nullopt);
        next.values.addValue(key % 5 ? Value("Ann, \"{}\\") : Value(""));
        next.values.add("2024-06-21 10:11:12.5");
    }
    const BulkOutcome outcome = written(next);
    QCOMPARE(std::ranges::count(outcome.verdicts, Verdict::Committed), 130);
    QCOMPARE(field("7", "score"), "-7");
    QCOMPARE(m_servers->redis({"HEXISTS", "users:8", "score"}).value(0), "0");
    QCOMPARE(m_servers->redis({"HEXISTS", "users:9", "dob"}).value(0), "0");
    QCOMPARE(differing(), 0);
}

void BulkWriterTest::aHashThatIsNotAtTheBaseGetsTheWholeRow_data()
{
    QTest::addColumn<QByteArrayList>("spoil");
    QTest::newRow("older") << QByteArrayList{"HSET", "users:7", "version", "1", "first", "Stale"};
    QTest::newRow("no version") << QByteArrayList{"HDEL", "users:7", "version"};
    QTest::newRow("no number") << QByteArrayList{"HSET", "users:7", "version", "x", "first", "Stale"};
    QTest::newRow("changed by the cache alone") << QByteArrayList{"HSET", "users:7", "version", "0", "first", "Stale"};
    QTest::newRow("another type") << QByteArrayList{"SET", "users:7", "text"};
}

void BulkWriterTest::aHashThatIsNotAtTheBaseGetsTheWholeRow()
{
    QFETCH(QByteArrayList, spoil);
    m_servers->redis(spoil);
    const BulkOutcome outcome = written(update(1, 20, "score", "77"));
    QCOMPARE(std::ranges::count(outcome.verdicts, Verdict::Committed), 20);
    QCOMPARE(outcome.versions[6].number, sql(u"SELECT version::text FROM users WHERE id = 7"_s).toLongLong());
    QCOMPARE(differing(), 0);
    QCOMPARE(field("7", "first"), "First7");
}

void BulkWriterTest::aNewerHashStays()
{
    const BulkUpdate next = update(1, 3, "score", "5");
    QVERIFY(m_bulk->write(next).empty());
    // Somebody else changes the row and is faster with its push.
    QVERIFY(m_servers->execute(m_users.settings.conninfo, u"UPDATE users SET score = 6 WHERE id = 2"_s));
    const QByteArray version = sql(u"SELECT version::text FROM users WHERE id = 2"_s);
    m_servers->redis({"HSET", "users:2", "score", "6", "version", version});
    const auto outcomes = m_bulk->finish();
    QCOMPARE(std::ranges::count(outcomes.front().verdicts, Verdict::Committed), 3);
    QCOMPARE(field("2", "score"), "6");
    QCOMPARE(field("2", "version"), version);
    QCOMPARE(differing(), 0);
}

void BulkWriterTest::anAbsentHashIsFilledWhereThePolicyWantsIt()
{
    m_servers->redis({"DEL", "users:4", "users:6"});
    QCOMPARE(std::ranges::count(written(update(1, 10, "score", "9")).verdicts, Verdict::Committed), 10);
    QCOMPARE(field("4", "score"), "9");
    QCOMPARE(field("6", "first"), "First6");
    QCOMPARE(differing(), 0);
}

void BulkWriterTest::anAbsentHashStaysAbsentOtherwise()
{
    m_users.mapping.config.warm = WarmPolicy::Never;
    reopen();
    m_servers->redis({"DEL", "users:4"});
    QCOMPARE(std::ranges::count(written(update(1, 10, "score", "9")).verdicts, Verdict::Committed), 10);
    QCOMPARE(m_servers->redis({"EXISTS", "users:4"}).value(0), "0");
}

void BulkWriterTest::aLeaseIsEnded()
{
    // A reader that missed before this write must not fill what it read then.
    m_users.mapping.config.warm = WarmPolicy::Never;
    reopen();
    m_servers->redis({"DEL", "users:4"});
    m_servers->redis({"SET", "{users:4}:lease", "token"});
    QCOMPARE(std::ranges::count(written(update(1, 10, "score", "9")).verdicts, Verdict::Committed), 10);
    QCOMPARE(m_servers->redis({"EXISTS", "{users:4}:lease"}).value(0), "0");
}

void BulkWriterTest::theTtlOfThePolicyIsSet()
{
    m_users.mapping.config.ttlMs = 60'000;
    reopen();
    QCOMPARE(written(update(3, 3, "score", "9")).verdicts.front(), Verdict::Committed);
    const qint64 ttl = m_servers->redis({"PTTL", "users:3"}).value(0).toLongLong();
    QVERIFY2(ttl > 50'000 && ttl <= 60'000, qPrintable(QString::number(ttl)));
    QCOMPARE(m_servers->redis({"PTTL", "users:2"}).value(0), "-1");
}

void BulkWriterTest::aGeneratedColumnIsSetToo()
{
    QVERIFY(m_servers->execute(m_users.settings.conninfo,
                               u"ALTER TABLE users ADD COLUMN doubled int GENERATED ALWAYS AS (score * 2) STORED"_s));
    ColumnInfo column;
    column.name = u"doubled"_s;
    column.castName = u"pg_catalog.int4"_s;
    column.kind = ColumnKind::Integer;
    column.bytes = 4;
    column.generated = true;
    m_users.mapping.fields.push_back({"doubled", column, false});
    reopen();
    m_servers->redis({"DEL", "users:3"});
    warm(3, 3);
    QCOMPARE(field("3", "doubled"), "0");
    QCOMPARE(written(update(3, 3, "score", "21")).verdicts.front(), Verdict::Committed);
    QCOMPARE(field("3", "doubled"), "42");
}

void BulkWriterTest::aTriggerOfSomebodyElseMakesItPushWholeRows_data()
{
    QTest::addColumn<QString>("trigger");
    QTest::newRow("before") << u"CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS "
                               "$$ BEGIN NEW.last_name = 'by trigger'; RETURN NEW; END $$;"
                               "CREATE TRIGGER other BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION other()"_s;
    QTest::newRow("after") << u"CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS "
                              "$$ BEGIN UPDATE users SET last_name = 'by trigger' WHERE id = NEW.id "
                              "AND last_name IS DISTINCT FROM 'by trigger'; RETURN NULL; END $$;"
                              "CREATE TRIGGER other AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION other()"_s;
}

void BulkWriterTest::aTriggerOfSomebodyElseMakesItPushWholeRows()
{
    QFETCH(QString, trigger);
    QVERIFY2(m_servers->execute(m_users.settings.conninfo, trigger), qPrintable(m_servers->error()));
    m_users.mapping.foreignTriggers = qstrcmp(QTest::currentDataTag(), "after") == 0;
    reopen();
    QCOMPARE(std::ranges::count(written(update(1, 10, "score", "9")).verdicts, Verdict::Committed), 10);
    QCOMPARE(field("10", "last"), "by trigger");
    QCOMPARE(differing(), 0);
}

void BulkWriterTest::aTriggerThatComesDuringTheRunIsNoticed()
{
    QCOMPARE(std::ranges::count(written(update(1, 10, "score", "9")).verdicts, Verdict::Committed), 10);
    QVERIFY(m_servers->execute(m_users.settings.conninfo,
                               u"CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS "
                               "$$ BEGIN NEW.last_name = 'by trigger'; RETURN NEW; END $$;"
                               "CREATE TRIGGER other BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION other()"_s));
    for (const char *score : {"10", "11"})
        QCOMPARE(std::ranges::count(written(update(1, 10, "score", score)).verdicts, Verdict::Committed), 10);
    QCOMPARE(field("10", "last"), "by trigger");
    QCOMPARE(differing(), 0);
}

void BulkWriterTest::aChangedRowIsAConflictByItself()
{
    BulkUpdate next = update(1, 20, "score", "3");
    QVERIFY(m_servers->execute(m_users.settings.conninfo, u"UPDATE users SET score = 6 WHERE id = 2"_s));
    QVERIFY(m_servers->execute(m_users.settings.conninfo, u"DELETE FROM users WHERE id = 3"_s));
    const BulkOutcome outcome = written(std::move(next));
    QCOMPARE(std::ranges::count(outcome.verdicts, Verdict::Committed), 18);
    QCOMPARE(outcome.verdicts[1], Verdict::Conflict);
    QCOMPARE(outcome.versions[1].number, sql(u"SELECT version::text FROM users WHERE id = 2"_s).toLongLong());
    QCOMPARE(outcome.verdicts[2], Verdict::Conflict);
    QVERIFY(!outcome.versions[2].isValid());
    QCOMPARE(field("2", "score"), "6"); // pushing what is there is always right
}

void BulkWriterTest::aRefusedRowStandsAlone()
{
    BulkUpdate next = update(1, 8, "username", "same");
    next.values.clear();
    for (int key = 1; key <= 8; ++key)
        next.values.add(key == 5 ? QByteArray("user20") : "new" + QByteArray::number(key));
    const BulkOutcome outcome = written(std::move(next));
    QCOMPARE(std::ranges::count(outcome.verdicts, Verdict::Committed), 7);
    QCOMPARE(outcome.verdicts[4], Verdict::Rejected);
    QCOMPARE(outcome.errors.size(), size_t(1));
    QCOMPARE(outcome.errors.at(4).kind, ErrorKind::Duplicate);
    QCOMPARE(field("8", "username"), "new8");
    QCOMPARE(differing(), 0);
}

void BulkWriterTest::aForgottenScriptIsSentAgain()
{
    QCOMPARE(std::ranges::count(written(update(1, 200, "score", "1")).verdicts, Verdict::Committed), 200);
    m_servers->redis({"SCRIPT", "FLUSH"});
    QCOMPARE(std::ranges::count(written(update(1, 200, "score", "2")).verdicts, Verdict::Committed), 200);
    QCOMPARE(field("200", "score"), "2");
    QCOMPARE(differing(), 0);
}

void BulkWriterTest::aPausedRedisLeavesItPendingAndItIsPushedLater()
{
    m_users.settings.ackDeadline = 200ms;
    reopen();
    QCOMPARE(written(update(1, 1, "score", "1")).verdicts.front(), Verdict::Committed);
    BulkUpdate next = update(1, 20, "score", "3");
    m_servers->pauseRedis();
    const BulkOutcome outcome = written(std::move(next));
    QCOMPARE(std::ranges::count(outcome.verdicts, Verdict::CommittedCachePending), 20);
    m_servers->resumeRedis();
    QTRY_VERIFY_WITH_TIMEOUT((std::ignore = m_engine->upkeep(), field("20", "score") == "3"), deadlineMs);
    QCOMPARE(differing(), 0);
}

void BulkWriterTest::aLostConnectionIsFoundOut()
{
    QVERIFY(m_bulk->write(update(1, 20, "score", "1")).empty());
    QVERIFY(m_servers->execute(m_users.settings.conninfo,
                               u"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                               "AND application_name = 'throughline-test'"_s));
    // The batch before is answered all the same, and this one goes over a new connection.
    auto outcomes = m_bulk->write(update(21, 40, "score", "2"));
    std::ranges::move(m_bulk->finish(), std::back_inserter(outcomes));
    QCOMPARE(outcomes.size(), size_t(2));
    for (const BulkOutcome &outcome : outcomes)
        QCOMPARE(std::ranges::count(outcome.verdicts, Verdict::Committed), 20);
    QCOMPARE(differing(), 0);
}

void BulkWriterTest::theOutboxIsLeftEmpty()
{
    QCOMPARE(std::ranges::count(written(update(1, 20, "score", "1")).verdicts, Verdict::Committed), 20);
    QCOMPARE(sql(u"SELECT count(*)::text FROM wt_outbox WHERE op = 'U' AND drained_at IS NULL"_s), "1");
    QTRY_COMPARE_WITH_TIMEOUT((std::ignore = m_engine->upkeep(),
                               sql(u"SELECT count(*)::text FROM wt_outbox WHERE op = 'U' AND drained_at IS NULL"_s)),
                              "0", deadlineMs);
}

void BulkWriterTest::keysOfOtherTypesGoAsText()
{
    m_users.mapping.key.kind = ColumnKind::Other;
    reopen();
    QCOMPARE(std::ranges::count(written(update(8, 12, "score", "8")).verdicts, Verdict::Committed), 5);
    QCOMPARE(field("12", "score"), "8");
    QCOMPARE(differing(), 0);
}

QTEST_GUILESS_MAIN(BulkWriterTest)
#include "tst_bulkwriter.moc"
