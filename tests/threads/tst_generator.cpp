// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filler.h"
#include "engine/rowreader.h"
#include "engine/storeservice.h"
#include "engine/verifier.h"
#include "generator/generatorservice.h"
#include "generator/loadprofile.h"
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
constexpr double promptStopMs = 200;

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

    void everyPathAnswersAndLeavesNothingBehind_data();
    void everyPathAnswersAndLeavesNothingBehind();
    void aMixOfOperationsLeavesTheStoresEqual_data();
    void aMixOfOperationsLeavesTheStoresEqual();
    void aStopInMidRunIsAnsweredAtOnce_data();
    void aStopInMidRunIsAnsweredAtOnce();
    void aStopWhileWaitingIsAnsweredAtOnce();
    void aStopDoesNotWaitForAHungRedis_data();
    void aStopDoesNotWaitForAHungRedis();
    void aStopWhileKeysAreReadEndsTheRun();
    void refusalsAreCountedByKind();
    void samplesAddUpToTheReport();
    void aPacedRunSendsWhatWasDue();
    void aSlowAnswerDelaysNoOtherOperation();
    void productionIsRefused_data();
    void productionIsRefused();
    void aRunThatDoesNotFitTheTableIsRefused();

private:
    [[nodiscard]] static std::vector<FieldMaker> allFields();
    [[nodiscard]] bool storesAgree() const;

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
    m_servers->resumeRedis();
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

/// What a new row needs.
std::vector<FieldMaker> GeneratorTest::allFields()
{
    return loadprofile::fieldsFrom(u"username = counter; email = email; password_hash = words 3; first_name = words 1; "
                                   "date_of_birth = dates 1950-01-01..2009-12-31; score = integer 0..100"_s)
        .value_or(std::vector<FieldMaker>());
}

/// Every row and every hash, whether the run has touched it or not.
bool GeneratorTest::storesAgree() const
{
    const VerifyReport all = Verifier(m_users.mapping, m_users.settings, {}, nullptr).verifyAll();
    return !all.error && all.differing == 0 && all.unsettled == 0 && all.rows > 0;
}

void GeneratorTest::everyPathAnswersAndLeavesNothingBehind_data()
{
    QTest::addColumn<int>("path");
    QTest::addColumn<int>("batch");
    for (const int batch : {1, 20}) {
        QTest::addRow("direct, %d", batch) << int(LoadPath::Direct) << batch;
        QTest::addRow("staged, %d", batch) << int(LoadPath::Staged) << batch;
        QTest::addRow("messages, %d", batch) << int(LoadPath::Messages) << batch;
    }
}

void GeneratorTest::everyPathAnswersAndLeavesNothingBehind()
{
    QFETCH(const int, path);
    QFETCH(const int, batch);
    Subject subject(m_users);
    LoadSettings load;
    load.path = static_cast<LoadPath>(path);
    load.batch = batch;
    load.connections = 2;
    load.count = 200;
    subject.generator->start(load);
    QVERIFY(subject.waitForReport());
    const LoadReport &report = *subject.report;
    QVERIFY2(!report.error, report.error ? qPrintable(report.error->message) : "");
    QCOMPARE(report.stats.sent, 200);
    QCOMPARE(report.stats.committed + report.stats.coalesced, 200);
    QCOMPARE(report.settings.path, load.path);
    QVERIFY(report.keysTouched > 0);
    QCOMPARE(report.keysVerified, report.keysTouched);
    QCOMPARE(report.keysDiffering, 0);
    QVERIFY(report.service.p50 > 0 && report.fromIntendedStart.p50 > 0);
    QVERIFY(!report.machine.postgres.isEmpty() && !report.machine.redis.isEmpty() && report.machine.cores > 0);
    QVERIFY(storesAgree());
    QCOMPARE(m_servers->redis({"KEYS", "throughline-load-*"}), QByteArrayList());
    QCOMPARE(m_servers->redis({"KEYS", "*{*"}), QByteArrayList()); // staged writes and their answers
    QCOMPARE(m_servers->scalar(m_users.settings.conninfo, u"SELECT count(*)::text FROM wt_applied"_s).value_or(""),
             "0");
}

void GeneratorTest::aMixOfOperationsLeavesTheStoresEqual_data()
{
    QTest::addColumn<int>("path");
    QTest::newRow("direct") << int(LoadPath::Direct);
    QTest::newRow("staged") << int(LoadPath::Staged);
}

void GeneratorTest::aMixOfOperationsLeavesTheStoresEqual()
{
    QFETCH(const int, path);
    Subject subject(m_users);
    int skipped = 0;
    connect(subject.generator.get(), &GeneratorService::rowsSkipped, this, [&] { ++skipped; });
    LoadSettings load;
    load.path = static_cast<LoadPath>(path);
    load.fields = allFields();
    load.mix = {40, 25, 20, 15};
    load.rows.kind = RowChoice::Kind::Zipf;
    load.batch = 8;
    load.connections = 2;
    load.count = 300;
    subject.generator->start(load);
    QVERIFY(subject.waitForReport());
    const LoadReport &report = *subject.report;
    QVERIFY2(!report.error, report.error ? qPrintable(report.error->message) : "");
    const LoadStats &stats = report.stats;
    QCOMPARE(stats.sent, 300);
    QCOMPARE(stats.committed + stats.coalesced + stats.reads, 300);
    QVERIFY(stats.reads > 10);
    QVERIFY(report.keysTouched > 60); // added rows are among them
    QCOMPARE(report.keysVerified, report.keysTouched);
    QCOMPARE(report.keysDiffering, 0);
    QVERIFY(skipped > 0); // rows were added and deleted
    QVERIFY(storesAgree());
    const auto rows = m_servers->scalar(m_users.settings.conninfo,
                                        u"SELECT count(*) FILTER (WHERE username LIKE 'load-%')::text FROM users"_s);
    QVERIFY(rows.value_or("0").toInt() > 10);
}

void GeneratorTest::aStopInMidRunIsAnsweredAtOnce_data()
{
    everyPathAnswersAndLeavesNothingBehind_data();
}

void GeneratorTest::aStopInMidRunIsAnsweredAtOnce()
{
    QFETCH(const int, path);
    QFETCH(const int, batch);
    LoadSettings load;
    load.path = static_cast<LoadPath>(path);
    load.batch = batch;
    load.connections = 2;
    double fastest = 1e9; // on a busy machine an answer may take its time; not three times
    for (int i = 0; i < 3 && fastest >= promptStopMs; ++i) {
        Subject subject(m_users);
        subject.generator->start(load);
        QVERIFY(subject.waitForCommits(30));
        subject.generator->stop();
        QVERIFY(subject.waitForReport());
        QVERIFY(subject.report->stopMs.has_value());
        fastest = std::min(fastest, *subject.report->stopMs);
        const LoadStats &stats = subject.report->stats;
        QCOMPARE(stats.committed + stats.coalesced, stats.sent); // everything in flight was answered
        QCOMPARE(subject.report->keysVerified, subject.report->keysTouched);
        QCOMPARE(subject.report->keysDiffering, 0);
    }
    QVERIFY2(fastest < promptStopMs, qPrintable(QString::number(fastest)));
}

void GeneratorTest::aStopWhileWaitingIsAnsweredAtOnce()
{
    Subject subject(m_users);
    LoadSettings load;
    load.rate = 0.01;
    load.connections = 3;
    load.verifies = false;
    subject.generator->start(load);
    QVERIFY(subject.waitForCommits(1));
    subject.generator->stop();
    QVERIFY(subject.waitForReport());
    QVERIFY2(*subject.report->stopMs < promptStopMs, qPrintable(QString::number(*subject.report->stopMs)));
    QCOMPARE(subject.report->stats.sent, 1);
    QCOMPARE(subject.report->stats.dropped, 0);
    QCOMPARE(subject.report->keysTouched, 1);
    QCOMPARE(subject.report->keysVerified, 0); // as was asked
}

void GeneratorTest::aStopDoesNotWaitForAHungRedis_data()
{
    QTest::addColumn<int>("path");
    QTest::newRow("direct") << int(LoadPath::Direct);
    QTest::newRow("staged") << int(LoadPath::Staged);
    QTest::newRow("messages") << int(LoadPath::Messages);
}

void GeneratorTest::aStopDoesNotWaitForAHungRedis()
{
    QFETCH(const int, path);
    Subject subject(m_users);
    LoadSettings load;
    load.path = static_cast<LoadPath>(path);
    load.connections = 2;
    subject.generator->start(load);
    QVERIFY(subject.waitForCommits(10));
    m_servers->pauseRedis();
    QElapsedTimer timer;
    timer.start();
    subject.generator->stop();
    QVERIFY(subject.waitForReport());
    QVERIFY2(timer.elapsed() < 2 * promptlyMs, qPrintable(QString::number(timer.elapsed())));
    const LoadStats &stats = subject.report->stats;
    // Everything was answered, and nothing that was not acknowledged is called committed.
    QCOMPARE(stats.committed + stats.coalesced + stats.cachePending + stats.unknown + stats.unavailable, stats.sent);
    QVERIFY(stats.cachePending + stats.unknown + stats.unavailable > 0);
    QVERIFY(subject.report->error.has_value());
}

void GeneratorTest::aStopWhileKeysAreReadEndsTheRun()
{
    m_servers->pausePostgres();
    Subject subject(m_users);
    subject.generator->start({});
    QElapsedTimer timer;
    timer.start();
    subject.generator->stop();
    QVERIFY(subject.waitForReport());
    QVERIFY2(timer.elapsed() < promptlyMs, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(subject.report->stats.sent, 0);
    QCOMPARE(subject.report->keysTouched, 0);
}

void GeneratorTest::refusalsAreCountedByKind()
{
    Subject subject(m_users);
    LoadSettings load;
    load.fields = loadprofile::fieldsFrom(u"username = words 1; email = email; password_hash = words 1"_s).value();
    load.mix = {0, 1, 0, 0};
    load.count = 150; // and there are 64 words
    subject.generator->start(load);
    QVERIFY(subject.waitForReport());
    const LoadReport &report = *subject.report;
    QVERIFY(report.errors.contains(u"23505"_s));
    QCOMPARE(report.errors.at(u"23505"_s), report.stats.failed);
    QVERIFY(report.stats.failed >= 150 - 64);
    QCOMPARE(report.stats.committed + report.stats.failed, 150);
    QCOMPARE(report.keysTouched, report.stats.committed);
    QCOMPARE(report.keysDiffering, 0);
}

void GeneratorTest::samplesAddUpToTheReport()
{
    Subject subject(m_users);
    std::vector<LoadSample> samples;
    connect(subject.generator.get(), &GeneratorService::sampled, this,
            [&](const LoadSample &sample) { samples.push_back(sample); });
    LoadSettings load;
    load.rate = 100;
    load.durationS = 1;
    load.connections = 2;
    subject.generator->start(load);
    QVERIFY(subject.waitForReport());
    QVERIFY(samples.size() >= 3);
    qint64 committed = 0;
    double seconds = 0;
    bool saysOutbox = false, saysStaleness = false;
    for (const LoadSample &sample : samples) {
        committed += sample.committed;
        seconds += sample.seconds;
        saysOutbox = saysOutbox || sample.outboxRows.has_value();
        saysStaleness = saysStaleness || sample.staleness.has_value();
        QCOMPARE(sample.targetPerSecond, 100.0);
        QCOMPARE(sample.service.has_value(), sample.committed > 0);
        QVERIFY(qAbs(sample.atS - seconds) < 1e-6);
    }
    QCOMPARE(committed, subject.report->stats.committed);
    QVERIFY(saysOutbox && saysStaleness);
}

void GeneratorTest::aPacedRunSendsWhatWasDue()
{
    Subject subject(m_users);
    LoadSettings load;
    load.schedule = {{50, 50, 0.4}, {50, 250, 0.4}};
    load.connections = 4;
    subject.generator->start(load);
    QVERIFY(subject.waitForReport());
    QCOMPARE(subject.report->stats.sent, 80); // 20, and 60 on the ramp
    QCOMPARE(subject.report->stats.dropped, 0);
    QCOMPARE(subject.report->stats.committed, 80);
}

void GeneratorTest::aSlowAnswerDelaysNoOtherOperation()
{
    // One row is locked: whoever writes it waits, and the others send what is due.
    PgConnection lock({m_users.settings.conninfo, u"test"_s}, nullptr);
    QVERIFY(lock.open());
    QVERIFY(
        lock.runScript("BEGIN; SELECT FROM users WHERE id = 1 FOR UPDATE", Clock::now() + std::chrono::seconds(10)));
    Subject subject(m_users);
    LoadSettings load;
    load.rate = 100;
    load.connections = 4;
    load.rows.kind = RowChoice::Kind::Sequential; // the first worker begins with the row
    subject.generator->start(load);
    QVERIFY(subject.waitForCommits(60));
    QCOMPARE(subject.stats.errors(), 0);
    QVERIFY(lock.runScript("ROLLBACK", Clock::now() + std::chrono::seconds(10)));
    subject.generator->stop();
    QVERIFY(subject.waitForReport());
    QCOMPARE(subject.report->stats.committed, subject.report->stats.sent);
    // The held write has counted the time that it was held.
    QVERIFY(subject.report->fromIntendedStart.max > 5 * subject.report->fromIntendedStart.p50);
}

void GeneratorTest::productionIsRefused_data()
{
    QTest::addColumn<int>("environment");
    QTest::newRow("production") << int(Environment::Production);
    QTest::newRow("read-only") << int(Environment::ReadOnly);
}

void GeneratorTest::productionIsRefused()
{
    QFETCH(const int, environment);
    const auto newest = [this] {
        return m_servers->scalar(m_users.settings.conninfo, u"SELECT max(version)::text FROM users"_s).value_or("");
    };
    const QByteArray before = newest();
    GeneratorService generator(LoadTarget{m_users.mapping, m_users.settings, static_cast<Environment>(environment)});
    std::optional<LoadReport> report;
    connect(&generator, &GeneratorService::finished, this, [&](const LoadReport &last) { report = last; });
    LoadSettings load;
    load.count = 1;
    generator.start(load);
    QVERIFY(QTest::qWaitFor([&] { return report.has_value(); }, deadlineMs));
    QVERIFY(report->error.has_value());
    QCOMPARE(report->stats.sent, 0);
    QCOMPARE(newest(), before);
}

void GeneratorTest::aRunThatDoesNotFitTheTableIsRefused()
{
    Subject subject(m_users);
    LoadSettings load;
    load.mix = {1, 1, 0, 0};
    subject.generator->start(load);
    QVERIFY(subject.waitForReport());
    QVERIFY(subject.report->error.has_value());
    QVERIFY2(subject.report->error->message.contains(u"username"_s), qPrintable(subject.report->error->message));
    QCOMPARE(subject.report->stats.sent, 0);
}

QTEST_GUILESS_MAIN(GeneratorTest)
#include "tst_generator.moc"
