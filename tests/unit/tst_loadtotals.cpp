// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/dispatcher.h"
#include "generator/livebatch.h"
#include "generator/loadtotals.h"

#include <QTest>

#include <algorithm>
#include <thread>

using namespace throughline;
using namespace std::chrono_literals;

/// What workers counted becomes samples and a report; who gets the operations; the rows for the grid.
class LoadTotalsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSampleIsOfItsTenthAlone();
    void percentilesOfTheRunAreOfAllSamples();
    void whatWasNotSentIsBacklogAndThenDropped();
    void unlimitedRunsDropNothing();
    void theRateIsOfTheLastSecondAndThenOfTheRun();
    void everyKindOfErrorIsNamed();

    void everyOperationIsHandedOutOnce();
    void aStopWakesEverybody();
    void aCountIsExact();
    void anotherRateWakesWhoSleeps();

    void liveRowsAreBoundedAndTheNewest();
};

void LoadTotalsTest::aSampleIsOfItsTenthAlone()
{
    LoadTotals totals;
    LoadTally tally;
    for (int ms = 1; ms <= 100; ++ms) {
        tally.take(Verdict::Committed, {});
        tally.service.record(milliseconds(ms));
        tally.intended.record(milliseconds(2 * ms));
    }
    tally.sent = 100;
    const LoadSample first = totals.add(tally, {100, 100, 0, 0, 0}, 0.1, 5);
    QCOMPARE(first.committed, 100);
    QCOMPARE(first.seconds, 0.1);
    QCOMPARE(first.outboxRows, std::optional<qint64>(5));
    QVERIFY(std::abs(first.service->p99 - 99) < 99.0 / 64);
    QVERIFY(std::abs(first.fromIntendedStart->p50 - 100) < 100.0 / 64);
    QVERIFY(!first.staleness);
    const LoadSample second = totals.add({}, {100, 100, 0, 0, 0}, 0.25, {});
    QCOMPARE(second.committed, 0);
    QVERIFY(qFuzzyCompare(second.seconds, 0.15));
    QVERIFY(!second.service);
    QCOMPARE(totals.stats().committed, 100);
}

void LoadTotalsTest::percentilesOfTheRunAreOfAllSamples()
{
    LoadTotals totals;
    std::vector<double> exact;
    for (int part = 0; part < 20; ++part) {
        LoadTally tally;
        for (int i = 1; i <= 50; ++i) {
            exact.push_back(i * (part + 1) * 0.1);
            tally.service.record(
                std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double, std::milli>(exact.back())));
        }
        std::ignore = totals.add(tally, {}, part * 0.1, {});
    }
    std::ranges::sort(exact);
    LoadReport report;
    totals.fill(report);
    QVERIFY(std::abs(report.service.p50 - exact[499]) <= exact[499] / 64);
    QVERIFY(std::abs(report.service.p95 - exact[949]) <= exact[949] / 64);
    QVERIFY(std::abs(report.service.p99 - exact[989]) <= exact[989] / 64);
    QVERIFY(std::abs(report.service.max - exact[999]) < 0.001);
}

void LoadTotalsTest::whatWasNotSentIsBacklogAndThenDropped()
{
    LoadTotals totals;
    LoadTally tally;
    tally.sent = 90;
    const LoadSample sample = totals.add(tally, {100, 95, 10, 3, 0}, 1, {});
    QCOMPARE(sample.backlog, 15); // 10 that nobody has taken, and 5 in the hands of workers
    QCOMPARE(totals.stats().backlog, 15);
    QCOMPARE(totals.stats().dropped, 0);
    totals.end({100, 95, 10, 3, 0}, Pacing::OpenLoop, 1);
    QCOMPARE(totals.stats().backlog, 0);
    QCOMPARE(totals.stats().dropped, 18); // and 3 that another rate made nobody's
}

void LoadTotalsTest::unlimitedRunsDropNothing()
{
    LoadTotals totals;
    LoadTally tally;
    tally.sent = 90;
    QCOMPARE(totals.add(tally, {0, 95, 0, 0, 0}, 1, {}).backlog, 0);
    totals.end({0, 95, 0, 0, 0}, Pacing::OpenLoop, 1);
    QCOMPARE(totals.stats().dropped, 0);
}

void LoadTotalsTest::theRateIsOfTheLastSecondAndThenOfTheRun()
{
    LoadTotals totals;
    for (int tenth = 1; tenth <= 40; ++tenth) {
        LoadTally tally;
        for (int i = 0; i < (tenth <= 20 ? 10 : 50); ++i)
            tally.take(Verdict::Committed, {});
        std::ignore = totals.add(tally, {}, tenth * 0.1, {});
        if (tenth == 20)
            QVERIFY(std::abs(totals.stats().perSecond - 100) < 1);
    }
    QVERIFY(std::abs(totals.stats().perSecond - 500) < 1);
    totals.end({}, Pacing::OpenLoop, 4);
    QVERIFY(std::abs(totals.stats().perSecond - 300) < 1);
}

void LoadTotalsTest::everyKindOfErrorIsNamed()
{
    StoreError error;
    error.code = QStringLiteral("23505");
    QCOMPARE(errorName(error), QStringLiteral("23505"));
    error.code.clear();
    error.kind = ErrorKind::Unreachable;
    QCOMPARE(errorName(error), QStringLiteral("unreachable"));
    error.kind = ErrorKind::Other;
    QCOMPARE(errorName(error), QStringLiteral("other"));
}

void LoadTotalsTest::everyOperationIsHandedOutOnce()
{
    LoadSettings load;
    load.rate = 4000;
    load.durationS = 0.5;
    const Instant start = Clock::now();
    Dispatcher dispatcher(load, start);
    std::vector<std::vector<Instant>> taken(6);
    std::vector<std::thread> workers;
    for (auto &mine : taken) {
        workers.emplace_back([&dispatcher, &mine] {
            std::vector<Instant> times;
            while (dispatcher.take(3, true, times) == Dispatcher::Turn::Taken) {
                mine.insert(mine.end(), times.begin(), times.end());
                times.clear();
            }
        });
    }
    std::vector<Instant> all;
    for (size_t i = 0; i < workers.size(); ++i) {
        workers[i].join();
        all.insert(all.end(), taken[i].begin(), taken[i].end());
    }
    std::ranges::sort(all);
    QVERIFY(std::ranges::adjacent_find(all) == all.end());
    const auto state = dispatcher.state(Clock::now());
    QCOMPARE(state.taken, std::ssize(all));
    QCOMPARE(state.taken + state.backlog, 2000); // what this machine did not reach is said
    QVERIFY(all.front() == start);
    QVERIFY(std::abs(state.sendingS - 0.5) < 1e-6);
}

void LoadTotalsTest::aStopWakesEverybody()
{
    LoadSettings load;
    load.rate = 0.001;
    Dispatcher dispatcher(load, Clock::now() + 1h);
    std::vector<std::thread> workers;
    std::atomic<int> ended = 0;
    for (int i = 0; i < 5; ++i) {
        workers.emplace_back([&] {
            std::vector<Instant> times;
            ended += dispatcher.take(1, true, times) == Dispatcher::Turn::Ended;
        });
    }
    dispatcher.stop();
    for (std::thread &worker : workers)
        worker.join();
    QCOMPARE(ended.load(), 5);
    QVERIFY(dispatcher.hasEnded());
}

void LoadTotalsTest::aCountIsExact()
{
    LoadSettings load;
    load.count = 10;
    Dispatcher dispatcher(load, Clock::now());
    std::vector<Instant> times;
    QCOMPARE(dispatcher.take(7, true, times), Dispatcher::Turn::Taken);
    QCOMPARE(dispatcher.take(7, true, times), Dispatcher::Turn::Taken);
    QCOMPARE(times.size(), size_t(10));
    QCOMPARE(dispatcher.take(7, true, times), Dispatcher::Turn::Over);
    QCOMPARE(dispatcher.state(Clock::now()).backlog, 0);
    const double sent = dispatcher.state(Clock::now()).sendingS;
    QCOMPARE(dispatcher.state(Clock::now() + 1h).sendingS, sent); // waiting for answers is not sending
}

void LoadTotalsTest::anotherRateWakesWhoSleeps()
{
    LoadSettings load;
    load.rate = 0.001;
    Dispatcher dispatcher(load, Clock::now());
    std::vector<Instant> times;
    QCOMPARE(dispatcher.take(1, true, times), Dispatcher::Turn::Taken);
    QCOMPARE(dispatcher.take(1, false, times), Dispatcher::Turn::NotYet);
    QVERIFY(dispatcher.nextDue() > Clock::now() + 10min);
    std::atomic<int> woken = 0;
    std::vector<std::thread> workers;
    for (int i = 0; i < 3; ++i) {
        workers.emplace_back([&] {
            std::vector<Instant> mine;
            woken += dispatcher.take(1, true, mine) == Dispatcher::Turn::Taken;
        });
    }
    dispatcher.setRate(1000);
    for (std::thread &worker : workers)
        worker.join();
    QCOMPARE(woken.load(), 3);
}

void LoadTotalsTest::liveRowsAreBoundedAndTheNewest()
{
    LiveBatch live(2);
    live.add({{"1"}, {5}, {}});
    live.add({{"2"}, {6}, {}});
    live.add({{"1"}, {9}, {}});
    live.add({{"1"}, {7}, {}});
    QVERIFY(!live.skipped());
    live.add({{"3"}, {8}, {}});
    QVERIFY(live.skipped());
    const std::vector<Row> rows = live.take();
    QCOMPARE(rows.size(), size_t(2));
    QCOMPARE(std::ranges::find(rows, RowKey{"1"}, &Row::key)->version.number, 9);
    QVERIFY(!live.skipped() && live.take().empty());
}

QTEST_GUILESS_MAIN(LoadTotalsTest)
#include "tst_loadtotals.moc"
