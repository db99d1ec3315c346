// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filler.h"
#include "engine/rowreader.h"
#include "engine/storeservice.h"
#include "generator/generatorservice.h"
#include "stores/postgres/pgconnection.h"
#include "usersfixture.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

constexpr int deadlineMs = 30000;
constexpr int promptlyMs = 2500;

/// A generator and what it has said so far, on the main thread.
class Subject final : public QObject
{
public:
    explicit Subject(const UsersFixture &users)
        : generator(std::make_unique<GeneratorService>(users.mapping, users.settings))
    {
        generator->setCollectsRows(true);
        connect(generator.get(), &GeneratorService::statsChanged, this,
                [this](const LoadStats &fresh) { stats = fresh; });
        connect(generator.get(), &GeneratorService::rowsCommitted, this,
                [this](const std::vector<Row> &some) { rows.insert(rows.end(), some.begin(), some.end()); });
        connect(generator.get(), &GeneratorService::runningChanged, this,
                [this](bool running) { changes.push_back(running); });
        connect(generator.get(), &GeneratorService::finished, this, [this](const LoadReport &last) { report = last; });
    }
    [[nodiscard]] bool waitForCommits(qint64 count)
    {
        return QTest::qWaitFor([&] { return stats.committed >= count; }, deadlineMs);
    }
    [[nodiscard]] bool waitForReport()
    {
        return QTest::qWaitFor([&] { return report.has_value(); }, deadlineMs);
    }

    LoadStats stats;
    std::vector<Row> rows;
    std::vector<bool> changes;
    std::optional<LoadReport> report;
    std::unique_ptr<GeneratorService> generator;
};

} // namespace

/// The generator beside the grid's edits, with real servers: how it starts, changes its pace and ends.
class GeneratorTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void gridAndGeneratorWriteTheSameRows();
    void aCountEndsTheRun();
    void aStopIsAnsweredPromptlyAndVerified();
    void anotherRateHoldsAtOnce();
    void aStopDoesNotWaitForAHungPostgres();
    void destructionDoesNotWaitForAHungPostgres();
    void anEmptyTableIsSaid();

private:
    std::unique_ptr<TestServers> m_servers;
    UsersFixture m_users;
};

void GeneratorTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
}

void GeneratorTest::cleanupTestCase()
{
    m_servers.reset();
}

void GeneratorTest::init()
{
    m_users = UsersFixture::make(*m_servers, 40);
    QVERIFY2(m_users.error.isEmpty(), qPrintable(m_users.error));
}

void GeneratorTest::cleanup()
{
    m_servers->resumePostgres();
}

void GeneratorTest::gridAndGeneratorWriteTheSameRows()
{
    StoreService grid(m_users.mapping, m_users.settings);
    std::vector<Outcome> outcomes;
    connect(&grid, &StoreService::outcomesReady, this,
            [&](const std::vector<Outcome> &some) { outcomes.insert(outcomes.end(), some.begin(), some.end()); });
    Subject subject(m_users);
    LoadSettings load;
    load.connections = 3;
    subject.generator->start(load);
    QVERIFY(subject.generator->isRunning());
    QVERIFY(subject.waitForCommits(20));
    // An edit on a version that the generator has overtaken is a conflict, and its answer tells the next one's base.
    RowVersion base{1};
    for (int i = 0; i < 40; ++i) {
        Edit edit;
        edit.op = OpId::create();
        edit.key = {"1"};
        edit.base = base;
        edit.changes = {{fieldOf(m_users.mapping, "first_name"), "Grid" + QByteArray::number(i)}};
        grid.submit(edit);
        QVERIFY(QTest::qWaitFor([&] { return std::ssize(outcomes) == i + 1; }, deadlineMs));
        QCOMPARE(outcomes.back().op.uuid, edit.op.uuid);
        QVERIFY(outcomes.back().verdict == Verdict::Committed || outcomes.back().verdict == Verdict::Conflict);
        base = outcomes.back().row.value().version;
    }
    QVERIFY(std::ranges::count(outcomes, Verdict::Committed, &Outcome::verdict) > 0);
    subject.generator->stop();
    QVERIFY(subject.waitForReport());
    QCOMPARE(subject.report->keysDiffering, 0);
    QCOMPARE(subject.report->keysVerified, subject.report->keysTouched);
    QCOMPARE(subject.report->stats.failed, 0);
    RowReader reader(m_users.mapping, m_users.settings, nullptr);
    const auto pair = reader.pair({"1"});
    QCOMPARE(pair.comparison.row, RowDifference::Same);
    QCOMPARE(m_servers->redis({"KEYS", "*lease*"}), QByteArrayList());
}

void GeneratorTest::aCountEndsTheRun()
{
    Subject subject(m_users);
    LoadSettings load;
    load.count = 150;
    load.connections = 4;
    load.seed = 9;
    subject.generator->start(load);
    subject.generator->start(load); // while it runs: nothing
    QVERIFY(subject.waitForReport());
    QCOMPARE(subject.report->stats.sent, 150);
    QCOMPARE(subject.report->stats.committed, 150);
    QCOMPARE(subject.report->verdicts[Verdict::Committed], 150);
    QCOMPARE(subject.report->settings.seed, quint64(9));
    QVERIFY(subject.report->keysTouched > 0 && subject.report->keysTouched <= 40);
    QCOMPARE(subject.report->keysDiffering, 0);
    QCOMPARE(subject.report->keysNotCached, 0);
    QVERIFY(subject.report->service.p50 > 0 && subject.report->service.max >= subject.report->service.p99);
    QVERIFY(!subject.generator->isRunning());
    QCOMPARE(subject.changes, std::vector<bool>({true, false}));
    // Every row that it changed was shown in its last state.
    for (const char *key : {"1", "2", "3"}) {
        const auto shown = std::ranges::find(subject.rows.rbegin(), subject.rows.rend(), RowKey{key}, &Row::key);
        if (shown != subject.rows.rend())
            QCOMPARE(m_servers->redis({"HGET", "users:" + QByteArray(key), "version"}).value(0),
                     QByteArray::number(shown->version.number));
    }
    subject.report.reset();
    subject.generator->start(load); // a second run of the same
    QVERIFY(subject.waitForReport());
    QCOMPARE(subject.report->stats.committed, 150);
}

void GeneratorTest::aStopIsAnsweredPromptlyAndVerified()
{
    Subject subject(m_users);
    LoadSettings load;
    load.rate = 50;
    load.connections = 2;
    subject.generator->start(load);
    QVERIFY(subject.waitForCommits(10));
    QElapsedTimer timer;
    timer.start();
    subject.generator->stop();
    QVERIFY(subject.waitForReport());
    QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed()))); // verification included
    QCOMPARE(subject.report->keysVerified, subject.report->keysTouched);
    QVERIFY(subject.report->keysTouched > 0);
    QCOMPARE(subject.report->keysDiffering, 0);
    QVERIFY(!subject.report->error);
}

void GeneratorTest::anotherRateHoldsAtOnce()
{
    Subject subject(m_users);
    LoadSettings load;
    load.rate = 0.01; // the second update in 100 s
    subject.generator->start(load);
    QVERIFY(subject.waitForCommits(1));
    QCOMPARE(subject.stats.sent, 1);
    subject.generator->setRate(200);
    QVERIFY(subject.waitForCommits(40));
    subject.generator->setRate(0.01);
    subject.generator->stop();
    QVERIFY(subject.waitForReport());
}

void GeneratorTest::aStopDoesNotWaitForAHungPostgres()
{
    // Cached rows need no warm-up, so what hangs is an UPDATE.
    std::vector<RowKey> keys;
    for (int i = 1; i <= 40; ++i)
        keys.push_back({QByteArray::number(i)});
    QCOMPARE(Filler(m_users.mapping, m_users.settings, nullptr).fill(keys).value_or(-1), 40);
    Subject subject(m_users);
    LoadSettings load;
    load.connections = 2;
    subject.generator->start(load);
    QVERIFY(subject.waitForCommits(10));
    // Both workers are in the middle of an edit when the server hangs.
    PgConnection lock({m_users.settings.conninfo, u"test"_s}, nullptr);
    QVERIFY(lock.open());
    QVERIFY(lock.runScript("BEGIN; SELECT FROM users FOR UPDATE", Clock::now() + std::chrono::seconds(10)));
    const auto waiting = [this] {
        return m_servers->scalar(m_users.settings.conninfo,
                                 u"SELECT count(*)::text FROM pg_stat_activity WHERE wait_event_type = 'Lock'"_s);
    };
    QTRY_COMPARE_WITH_TIMEOUT(waiting().value_or(""), "2", deadlineMs);
    m_servers->pausePostgres();
    QElapsedTimer timer;
    timer.start();
    subject.generator->stop();
    QVERIFY(subject.waitForReport());
    QVERIFY2(timer.elapsed() < 2 * promptlyMs, qPrintable(QString::number(timer.elapsed())));
    // What was in flight is not called failed, and what could not be verified is not called verified.
    QVERIFY(subject.report->verdicts[Verdict::Unknown] > 0);
    QVERIFY(subject.report->error.has_value());
    QCOMPARE(subject.report->keysVerified, 0);
}

void GeneratorTest::destructionDoesNotWaitForAHungPostgres()
{
    Subject subject(m_users);
    LoadSettings load;
    load.connections = 2;
    subject.generator->start(load);
    QVERIFY(subject.waitForCommits(10));
    m_servers->pausePostgres();
    QElapsedTimer timer;
    timer.start();
    subject.generator.reset();
    QVERIFY2(timer.elapsed() < promptlyMs, qPrintable(QString::number(timer.elapsed())));
}

void GeneratorTest::anEmptyTableIsSaid()
{
    QVERIFY(m_servers->execute(m_users.settings.conninfo, QStringLiteral("DELETE FROM users")));
    Subject subject(m_users);
    subject.generator->start({});
    QVERIFY(subject.waitForReport());
    QVERIFY(subject.report->error.has_value());
    QVERIFY2(subject.report->error->message.contains(QLatin1StringView("no rows")),
             qPrintable(subject.report->error->message));
}

QTEST_GUILESS_MAIN(GeneratorTest)
#include "tst_generator.moc"
