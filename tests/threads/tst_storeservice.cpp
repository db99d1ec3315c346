// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rowreader.h"
#include "engine/storeservice.h"
#include "schemafixture.h"
#include "usersfixture.h"

#include <QElapsedTimer>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

constexpr int deadlineMs = 30000;
constexpr int promptlyMs = 2500; // a second of grace for the edit in flight, and the machine may be busy

/// A service and all that it has said so far. The signals come on the main thread, so plain members are enough.
class Subject final : public QObject
{
public:
    explicit Subject(const UsersFixture &users)
        : service(std::make_unique<StoreService>(users.mapping, users.settings))
    {
        connect(service.get(), &StoreService::outcomesReady, this, [this](const std::vector<Outcome> &some) {
            outcomes.insert(outcomes.end(), some.begin(), some.end());
        });
        connect(service.get(), &StoreService::indexReady, this,
                [this](const TableIndex &index) { indexes.push_back(index); });
        connect(service.get(), &StoreService::pageReady, this, [this](const RowPage &page) { pages.push_back(page); });
        connect(service.get(), &StoreService::pairReady, this, [this](const RowPair &pair) { pairs.push_back(pair); });
        connect(service.get(), &StoreService::readFailed, this,
                [this](const StoreError &error) { failures.push_back(error); });
        connect(service.get(), &StoreService::statesChanged, this, [this](const StoreStates &some) { states = some; });
    }

    [[nodiscard]] bool waitForOutcomes(size_t count)
    {
        return QTest::qWaitFor([&] { return outcomes.size() >= count; }, deadlineMs);
    }
    [[nodiscard]] bool waitForCompleteIndex(quint64 generation)
    {
        return QTest::qWaitFor(
            [&] {
                return std::ranges::any_of(
                    indexes, [&](const TableIndex &index) { return index.complete && index.generation == generation; });
            },
            deadlineMs);
    }
    [[nodiscard]] qsizetype count(Verdict verdict) const
    {
        return std::ranges::count(outcomes, verdict, &Outcome::verdict);
    }

    std::vector<Outcome> outcomes;
    std::vector<TableIndex> indexes;
    std::vector<RowPage> pages;
    std::vector<RowPair> pairs;
    std::vector<StoreError> failures;
    StoreStates states;
    std::unique_ptr<StoreService> service; ///< last: its destructor still answers
};

} // namespace

/// The window's facade with its edits and reads threads against real servers: every edit is answered exactly once
/// whatever happens, the newest read wins, and the main thread never waits.
class StoreServiceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void everyEditIsAnsweredOnceAndInOrder();
    void cancelAnswersEverythingWhilePostgresHangs();
    void editsAreWrittenAgainAfterACancel();
    void editsWaitWhilePostgresIsDown();
    void destructionAnswersEveryEditOnce();
    void destructionDoesNotWaitForAHungPostgres();
    void aNewIndexEndsTheOldGeneration();
    void theNewestPairRequestWins();
    void aPairIsShownWhileRedisHangs();
    void theMainThreadNeverWaits();
    void theUpkeepServesEveryTable();

private:
    [[nodiscard]] std::vector<Edit> oneEditPerRow(int rows);
    [[nodiscard]] bool block(const char *statement);
    void unlock() { m_blocker.reset(); }
    [[nodiscard]] bool waitUntilSomethingIsBlocked();

    std::unique_ptr<TestServers> m_servers;
    UsersFixture m_users;
    std::unique_ptr<PgConnection> m_blocker;
};

void StoreServiceTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
}

void StoreServiceTest::cleanupTestCase()
{
    m_servers.reset();
}

void StoreServiceTest::init()
{
    m_users = UsersFixture::make(*m_servers, 200);
    QVERIFY2(m_users.error.isEmpty(), qPrintable(m_users.error));
    m_users.settings.pageSize = 10;
}

void StoreServiceTest::cleanup()
{
    // Also after a test that failed half-way.
    m_servers->resumePostgres();
    m_servers->resumeRedis();
    unlock();
    QVERIFY(m_servers->startPostgres());
}

std::vector<Edit> StoreServiceTest::oneEditPerRow(int rows)
{
    RowReader reader(m_users.mapping, m_users.settings, nullptr);
    std::vector<Edit> edits;
    if (!reader.postgres().ensure())
        return edits;
    const auto keys = reader.postgres().rows().keyVersionsAfter({}, rows, Clock::now() + milliseconds(deadlineMs));
    for (const auto &[key, version] : keys.value()) {
        Edit edit;
        edit.op = OpId::create();
        edit.key = key;
        edit.base = version;
        edit.changes = {{fieldOf(m_users.mapping, "score"), QByteArray::number(edits.size() + 1)}};
        edits.push_back(std::move(edit));
    }
    return edits;
}

bool StoreServiceTest::block(const char *statement)
{
    m_blocker = std::make_unique<PgConnection>(PgOptions{m_users.settings.conninfo, u"blocker"_s}, nullptr);
    return m_blocker->open() &&
           m_blocker->runScript("BEGIN; " + QByteArray(statement), Clock::now() + milliseconds(deadlineMs));
}

bool StoreServiceTest::waitUntilSomethingIsBlocked()
{
    const auto blocked = [&] {
        return m_servers
            ->scalar(m_users.settings.conninfo,
                     u"SELECT 1 FROM pg_stat_activity WHERE application_name = 'throughline-test' AND "
                     "wait_event_type = 'Lock'"_s)
            .has_value();
    };
    return QTest::qWaitFor(blocked, deadlineMs);
}

void StoreServiceTest::everyEditIsAnsweredOnceAndInOrder()
{
    const std::vector<Edit> edits = oneEditPerRow(200);
    QCOMPARE(std::ssize(edits), 200);
    Subject subject(m_users);
    for (const Edit &edit : edits)
        subject.service->submit(edit);
    QCOMPARE(subject.service->unansweredEdits(), 200);
    QVERIFY(subject.waitForOutcomes(edits.size()));
    QCOMPARE(subject.service->unansweredEdits(), 0);
    subject.service.reset(); // nothing may come after the last answer
    QCOMPARE(subject.outcomes.size(), edits.size());
    for (size_t i = 0; i < edits.size(); ++i) {
        QCOMPARE(subject.outcomes[i].op.uuid, edits[i].op.uuid);
        QCOMPARE(subject.outcomes[i].verdict, Verdict::Committed);
    }
    QCOMPARE(m_servers->redis({"HGET", "users:200", "score"}).value(0), "200");
}

void StoreServiceTest::cancelAnswersEverythingWhilePostgresHangs()
{
    const std::vector<Edit> edits = oneEditPerRow(20);
    Subject subject(m_users);
    QVERIFY(block("SELECT FROM users FOR UPDATE"));
    for (const Edit &edit : edits)
        subject.service->submit(edit);
    QVERIFY(waitUntilSomethingIsBlocked());
    m_servers->pausePostgres();
    QElapsedTimer timer;
    timer.start();
    subject.service->cancelEdits();
    QVERIFY(subject.waitForOutcomes(edits.size()));
    QVERIFY2(timer.elapsed() < promptlyMs, qPrintable(QString::number(timer.elapsed())));
    // What one statement carried is unknown together; what was still queued is cancelled.
    QVERIFY(subject.count(Verdict::Unknown) >= 1);
    QCOMPARE(subject.count(Verdict::Unknown) + subject.count(Verdict::Cancelled), 20);
    timer.start();
    subject.service.reset();
    QVERIFY2(timer.elapsed() < promptlyMs, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(subject.outcomes.size(), edits.size());
}

void StoreServiceTest::editsAreWrittenAgainAfterACancel()
{
    const std::vector<Edit> edits = oneEditPerRow(2);
    Subject subject(m_users);
    QVERIFY(block("SELECT FROM users FOR UPDATE"));
    subject.service->submit(edits[0]);
    QVERIFY(waitUntilSomethingIsBlocked());
    subject.service->cancelEdits();
    QVERIFY(subject.waitForOutcomes(1));
    QCOMPARE(subject.outcomes[0].verdict, Verdict::Unknown);
    unlock();
    subject.service->submit(edits[1]);
    QVERIFY(subject.waitForOutcomes(2));
    QCOMPARE(subject.outcomes[1].verdict, Verdict::Committed);
}

void StoreServiceTest::editsWaitWhilePostgresIsDown()
{
    m_users.settings.firstRetry = milliseconds(600000); // only retryNow() may end the waiting
    m_users.settings.lastRetry = milliseconds(600000);
    const std::vector<Edit> edits = oneEditPerRow(3);
    QVERIFY(m_servers->stopPostgres());
    Subject subject(m_users);
    for (const Edit &edit : edits)
        subject.service->submit(edit);
    QTRY_COMPARE_WITH_TIMEOUT(subject.states.postgres.state, StoreHealth::State::Down, deadlineMs);
    QVERIFY(subject.states.postgres.error.has_value());
    QCOMPARE(subject.outcomes.size(), size_t(0));
    QCOMPARE(subject.service->unansweredEdits(), 3);
    QVERIFY(m_servers->startPostgres());
    subject.service->retryNow();
    QVERIFY(subject.waitForOutcomes(3));
    for (size_t i = 0; i < edits.size(); ++i) {
        QCOMPARE(subject.outcomes[i].op.uuid, edits[i].op.uuid);
        QCOMPARE(subject.outcomes[i].verdict, Verdict::Committed);
    }
}

void StoreServiceTest::destructionAnswersEveryEditOnce()
{
    const std::vector<Edit> edits = oneEditPerRow(30);
    Subject subject(m_users);
    QVERIFY(block("SELECT FROM users FOR UPDATE"));
    for (const Edit &edit : edits)
        subject.service->submit(edit);
    QVERIFY(waitUntilSomethingIsBlocked());
    QElapsedTimer timer;
    timer.start();
    subject.service.reset();
    QVERIFY2(timer.elapsed() < promptlyMs, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(subject.outcomes.size(), edits.size());
    for (const Edit &edit : edits)
        QCOMPARE(std::ranges::count(subject.outcomes, edit.op, &Outcome::op), 1);
    QVERIFY(subject.count(Verdict::Unknown) >= 1);
    QCOMPARE(subject.count(Verdict::Unknown) + subject.count(Verdict::Cancelled), 30);
}

void StoreServiceTest::destructionDoesNotWaitForAHungPostgres()
{
    const std::vector<Edit> edits = oneEditPerRow(2);
    m_servers->pausePostgres();
    Subject subject(m_users);
    for (const Edit &edit : edits)
        subject.service->submit(edit);
    // All four threads wait for a server that took the connection and says nothing.
    QTRY_COMPARE_WITH_TIMEOUT(m_servers->waitingPostgresConnections(), 4, deadlineMs);
    QElapsedTimer timer;
    timer.start();
    subject.service.reset();
    QVERIFY2(timer.elapsed() < promptlyMs, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(subject.count(Verdict::Cancelled), 2);
}

void StoreServiceTest::aNewIndexEndsTheOldGeneration()
{
    Subject subject(m_users);
    const quint64 old = subject.service->requestIndex({});
    QVERIFY(subject.waitForCompleteIndex(old));
    const std::vector<RowKey> keys = subject.indexes.back().firstKeys;
    QCOMPARE(std::ssize(keys), 20);
    std::vector<PageRequest> everything;
    for (int page = 0; page + 1 < std::ssize(keys); ++page)
        everything.push_back({page, keys[static_cast<size_t>(page)], keys[static_cast<size_t>(page) + 1]});
    subject.service->wantPages(old, everything);
    const quint64 fresh = subject.service->requestIndex({u"user1"_s});
    subject.service->wantPages(old, everything); // from somebody who has not heard of the new one
    QVERIFY(subject.waitForCompleteIndex(fresh));
    QCOMPARE(subject.indexes.back().generation, fresh);
    QCOMPARE(subject.indexes.back().rowCount, 111); // 1, 10..19, 100..199
    subject.service->wantPages(fresh, {{1, keys[1], keys[2]}});
    QTRY_VERIFY_WITH_TIMEOUT(!subject.pages.empty(), deadlineMs);
    QCOMPARE(subject.pages.front().generation, fresh);
    QCOMPARE(subject.pages.front().request.page, 1);
    QCOMPARE(std::ssize(subject.pages.front().rows), 9); // 11..19 of 11..20
    QCOMPARE(subject.pages.size(), size_t(1));
}

void StoreServiceTest::theNewestPairRequestWins()
{
    Subject subject(m_users);
    QVERIFY(block("LOCK TABLE users"));
    subject.service->wantPair({"1"});
    QVERIFY(waitUntilSomethingIsBlocked());
    for (const char *key : {"2", "3", "4"})
        subject.service->wantPair({key});
    unlock();
    QTRY_COMPARE_WITH_TIMEOUT(subject.pairs.size(), size_t(2), deadlineMs);
    QCOMPARE(subject.pairs[0].key.text, "1");
    QCOMPARE(subject.pairs[1].key.text, "4");
    QVERIFY(subject.pairs[1].row);
    subject.service->wantPair({"5"});
    QTRY_COMPARE_WITH_TIMEOUT(subject.pairs.size(), size_t(3), deadlineMs);
    QCOMPARE(subject.pairs[2].key.text, "5"); // 2 and 3 were never read
}

void StoreServiceTest::aPairIsShownWhileRedisHangs()
{
    m_users.settings.connectTimeout = milliseconds(2000);
    m_servers->redis({"HSET", "users:1", "username", "user1", "version", "1"});
    Subject subject(m_users);
    QTRY_COMPARE_WITH_TIMEOUT(subject.states.redis.state, StoreHealth::State::Connected, deadlineMs);
    m_servers->pauseRedis();
    subject.service->wantPair({"1"});
    QTRY_COMPARE_WITH_TIMEOUT(subject.pairs.size(), size_t(1), deadlineMs);
    QVERIFY(subject.pairs[0].redisError.has_value());
    const auto &trouble = subject.pairs[0].postgresError;
    QVERIFY2(!trouble, qPrintable(trouble ? trouble->message + u' ' + trouble->code : QString()));
    QVERIFY(subject.pairs[0].row.has_value());
    m_servers->resumeRedis();
    const auto bothAnswer = [&] {
        subject.service->retryNow();
        subject.service->wantPair({"1"});
        return !subject.pairs.back().redisError && subject.pairs.back().cached.state == CachedRow::State::Hash;
    };
    QTRY_VERIFY_WITH_TIMEOUT(bothAnswer(), deadlineMs);
}

void StoreServiceTest::theMainThreadNeverWaits()
{
    const std::vector<Edit> edits = oneEditPerRow(100);
    Subject subject(m_users);
    const quint64 generation = subject.service->requestIndex({});
    QVERIFY(subject.waitForCompleteIndex(generation));
    m_servers->pausePostgres();
    m_servers->pauseRedis();
    qint64 longest = 0;
    QElapsedTimer beat;
    QTimer heart;
    heart.setInterval(5);
    connect(&heart, &QTimer::timeout, this, [&] { longest = std::max(longest, beat.restart()); });
    beat.start();
    heart.start();
    for (const Edit &edit : edits)
        subject.service->submit(edit);
    subject.service->requestIndex({u"user"_s});
    subject.service->wantPair({"1"});
    subject.service->retryNow();
    subject.service->cancelReads();
    subject.service->cancelEdits();
    QVERIFY(subject.waitForOutcomes(edits.size()));
    m_servers->resumePostgres();
    m_servers->resumeRedis();
    const std::vector<Edit> again = oneEditPerRow(100); // waits itself
    beat.start();
    for (const Edit &edit : again)
        subject.service->submit(edit);
    QVERIFY(subject.waitForOutcomes(2 * edits.size()));
    QCOMPARE(subject.count(Verdict::Committed), 100);
    QVERIFY2(longest < 500, qPrintable(QString::number(longest))); // far below any deadline of a store
}

void StoreServiceTest::theUpkeepServesEveryTable()
{
    const QString conninfo = m_users.settings.conninfo;
    QVERIFY(m_servers->execute(conninfo, u"CREATE TABLE items(id int PRIMARY KEY, name text);"
                                         "INSERT INTO items VALUES(1, 'bolt')"_s));
    PgConnection connection({conninfo, u"test"_s}, nullptr);
    QVERIFY(connection.open());
    PgSchema schema(connection);
    const MappingConfig config = SchemaFixture::mapping(u"items"_s, u"id"_s, {u"name"_s});
    QVERIFY(schema.execute(PgSchema::prepareSql(schema.inspect(config)->mapping)));
    const Mapping items = schema.inspect(config)->mapping;
    QVERIFY(recoverCache(items, m_users.settings));
    m_servers->redis({"HSET", "items:1", "version", "1", "name", "old"});
    const StoreService service(std::vector{m_users.mapping, items}, m_users.settings);
    QCOMPARE(service.mapping().config.label, u"users"_s);
    QVERIFY(m_servers->execute(conninfo, u"UPDATE items SET name = 'nut'"_s));
    QTRY_COMPARE_WITH_TIMEOUT(m_servers->redis({"HGET", "items:1", "name"}).value(0), "nut", deadlineMs);
}

QTEST_GUILESS_MAIN(StoreServiceTest)
#include "tst_storeservice.moc"
