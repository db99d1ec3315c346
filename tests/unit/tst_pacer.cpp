// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/backoff.h"
#include "generator/pacer.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace throughline;

Q_DECLARE_METATYPE(std::vector<RatePart>)

namespace {

const Instant start = Instant() + std::chrono::hours(1);

/// Takes one, which has to be due.
Instant next(Pacer &pacer, Instant now)
{
    std::vector<Instant> times;
    pacer.take(now, 1, times);
    return times.empty() ? Instant() : times.front();
}

milliseconds sinceStart(Instant when)
{
    return std::chrono::round<milliseconds>(when - start);
}

} // namespace

/// When the next edit, or the next attempt to connect, is due: pure functions of a clock that the test sets.
class PacerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theScheduleIsAbsolute();
    void aSlowRateWaitsLong();
    void unlimitedIsAlwaysDueAndNeverBehind();
    void whoIsLateIsBehind();
    void aClosedLoopForgetsWhatWasNotSent();
    void anotherRateBeginsANewSchedule();
    void theSameRateChangesNothing();
    void aScheduleEnds();
    void anUnlimitedPartWaitsForItsTime();

    void timesAreTheInverseOfTheIntegral_data();
    void timesAreTheInverseOfTheIntegral();
    void countsAreWhatIsDue();

    void backoffDoublesUpToItsLimit();
    void backoffBeginsAnewAfterSuccess();
    void aHurriedBackoffIsDueAndWaitsLongerAfterwards();
};

void PacerTest::theScheduleIsAbsolute()
{
    Pacer pacer(RateSchedule(100), Pacing::OpenLoop, start);
    for (int i = 0; i < 1000; ++i) {
        // However late the edits are, the schedule does not slip.
        QCOMPARE(sinceStart(next(pacer, start + std::chrono::seconds(i + 10))).count(), i * 10);
    }
}

void PacerTest::aSlowRateWaitsLong()
{
    Pacer pacer(RateSchedule(0.1), Pacing::OpenLoop, start);
    QCOMPARE(sinceStart(next(pacer, start)).count(), 0);
    QCOMPARE(sinceStart(*pacer.nextDue(start)).count(), 10000);
    QCOMPARE(pacer.backlog(start + milliseconds(9999)), 0);
    QCOMPARE(pacer.backlog(start + milliseconds(10000)), 1);
    std::vector<Instant> times;
    pacer.take(start + milliseconds(9999), 5, times);
    QVERIFY(times.empty());
}

void PacerTest::unlimitedIsAlwaysDueAndNeverBehind()
{
    Pacer pacer(RateSchedule(0), Pacing::OpenLoop, start);
    const Instant now = start + milliseconds(1234);
    std::vector<Instant> times;
    for (int i = 0; i < 10; ++i) {
        QVERIFY(*pacer.nextDue(now) <= now);
        pacer.take(now, 3, times);
        QCOMPARE(pacer.backlog(now + std::chrono::hours(1)), 0);
    }
    QCOMPARE(times, std::vector<Instant>(30, Pacer::anyTime));
}

void PacerTest::whoIsLateIsBehind()
{
    Pacer pacer(RateSchedule(50), Pacing::OpenLoop, start); // due at 0, 20, 40, ... ms
    QCOMPARE(pacer.backlog(start - milliseconds(50)), 0);
    QCOMPARE(pacer.backlog(start), 1);
    QCOMPARE(pacer.backlog(start + milliseconds(19)), 1);
    QCOMPARE(pacer.backlog(start + milliseconds(20)), 2);
    QCOMPARE(pacer.backlog(start + milliseconds(999)), 50);
    std::vector<Instant> times;
    pacer.take(start + milliseconds(999), 49, times);
    QCOMPARE(times.size(), size_t(49));
    QCOMPARE(sinceStart(times.back()).count(), 960);
    QCOMPARE(pacer.backlog(start + milliseconds(999)), 1);
    pacer.take(start + milliseconds(999), 49, times);
    QCOMPARE(times.size(), size_t(50));
    QCOMPARE(pacer.backlog(start + milliseconds(999)), 0);
}

void PacerTest::aClosedLoopForgetsWhatWasNotSent()
{
    Pacer pacer(RateSchedule(100), Pacing::ClosedLoop, start);
    std::vector<Instant> times;
    pacer.take(start + milliseconds(505), 1, times);
    QCOMPARE(times, std::vector<Instant>{Pacer::anyTime}); // it has no time of its own: it is due when it is sent
    QCOMPARE(pacer.backlog(start + milliseconds(505)), 0);
    QCOMPARE(sinceStart(*pacer.nextDue(start)).count(), 510);
}

void PacerTest::anotherRateBeginsANewSchedule()
{
    Pacer pacer(RateSchedule(1000), Pacing::OpenLoop, start);
    const Instant later = start + milliseconds(5000);
    QCOMPARE(pacer.backlog(later), 5001);
    pacer.setRate(10, later);
    QCOMPARE(pacer.rate(later), 10.0);
    QCOMPARE(pacer.backlog(later), 1);
    QCOMPARE(pacer.forgotten(), 5001); // said, not hidden
    QVERIFY(next(pacer, later) == later);
    QCOMPARE(sinceStart(*pacer.nextDue(later)).count(), 5100);
    pacer.setRate(0, later);
    QVERIFY(*pacer.nextDue(later) <= later);
}

void PacerTest::theSameRateChangesNothing()
{
    Pacer pacer(RateSchedule(10), Pacing::OpenLoop, start);
    QVERIFY(next(pacer, start) == start);
    pacer.setRate(10, start + milliseconds(50));
    QCOMPARE(sinceStart(*pacer.nextDue(start)).count(), 100);
}

void PacerTest::aScheduleEnds()
{
    Pacer pacer(RateSchedule({{10, 10, 1}, {20, 20, 1}}), Pacing::OpenLoop, start);
    std::vector<Instant> times;
    pacer.take(start + std::chrono::hours(1), 1000, times);
    QCOMPARE(times.size(), size_t(30));
    QCOMPARE(sinceStart(times[9]).count(), 900);
    QCOMPARE(sinceStart(times[10]).count(), 1000);
    QCOMPARE(sinceStart(times[11]).count(), 1050);
    QVERIFY(!pacer.nextDue(start + std::chrono::hours(1)));
}

void PacerTest::anUnlimitedPartWaitsForItsTime()
{
    Pacer pacer(RateSchedule({{1, 1, 10}, {0, 0, 10}, {1, 1, 0}}), Pacing::OpenLoop, start);
    std::vector<Instant> times;
    pacer.take(start + milliseconds(9500), 100, times);
    QCOMPARE(times.size(), size_t(10));
    QCOMPARE(sinceStart(*pacer.nextDue(start + milliseconds(9500))).count(), 10000);
    pacer.take(start + milliseconds(15000), 7, times);
    QCOMPARE(times.size(), size_t(17));
    QVERIFY(times.back() == Pacer::anyTime);
    QCOMPARE(sinceStart(*pacer.nextDue(start + milliseconds(20500))).count(), 20000);
    QCOMPARE(pacer.rate(start + milliseconds(5000)), 1.0);
    QCOMPARE(pacer.rate(start + milliseconds(15000)), 0.0);
}

void PacerTest::timesAreTheInverseOfTheIntegral_data()
{
    QTest::addColumn<std::vector<RatePart>>("parts");
    QTest::newRow("constant") << std::vector<RatePart>{{7, 7, 0}};
    QTest::newRow("up") << std::vector<RatePart>{{1, 100, 5}};
    QTest::newRow("from nothing") << std::vector<RatePart>{{0, 100, 5}};
    QTest::newRow("down to nothing") << std::vector<RatePart>{{100, 0, 5}};
    QTest::newRow("nearly level") << std::vector<RatePart>{{50, 50.000001, 5}};
    QTest::newRow("steps and ramps") << std::vector<RatePart>{{10, 10, 2}, {10, 200, 3}, {200, 5, 1.5}, {20, 20, 0}};
    QTest::newRow("broken counts") << std::vector<RatePart>{{0.7, 0.7, 2.5}, {3.3, 0.2, 4.1}, {1.1, 1.1, 0}};
}

/// Each time against the integral of rateAt() in small steps.
void PacerTest::timesAreTheInverseOfTheIntegral()
{
    QFETCH(const std::vector<RatePart>, parts);
    const RateSchedule schedule(parts);
    constexpr double step = 1e-4;
    double integral = 0;
    long long number = 1;
    for (double time = 0; time < 8; time += step) {
        integral += schedule.isOverAt(time + step / 2) ? 0 : schedule.rateAt(time + step / 2) * step;
        if (integral < static_cast<double>(number))
            continue;
        const auto exact = schedule.timeOf(number);
        const double tolerance = 2 * step + 0.01 / std::max(1.0, schedule.rateAt(time)); // near its end a ramp is slow
        if (exact)
            QVERIFY2(std::abs(*exact - time) < std::max(tolerance, 0.05 * (schedule.rateAt(time) < 2)),
                     qPrintable(QString::number(number)));
        ++number;
    }
    QVERIFY(number > 5);
    QCOMPARE(schedule.timeOf(0).value_or(-1), 0.0);
}

void PacerTest::countsAreWhatIsDue()
{
    const RateSchedule schedule({{10, 10, 2}, {10, 200, 3}, {200, 5, 1.5}, {20, 20, 0}});
    for (long long number = 0; number < 600; ++number) {
        const double time = *schedule.timeOf(number);
        QCOMPARE(schedule.dueBy(time + 1e-7), number + 1);
        QCOMPARE(schedule.dueBy(time - 1e-7), number);
    }
}

void PacerTest::backoffDoublesUpToItsLimit()
{
    Backoff backoff(milliseconds(250), milliseconds(1500));
    QVERIFY(backoff.isDue(start));
    QCOMPARE(backoff.untilDue(start).count(), 0);
    for (const int wait : {250, 500, 1000, 1500, 1500}) {
        backoff.failed(start);
        QVERIFY(!backoff.isDue(start + milliseconds(wait - 1)));
        QVERIFY(backoff.isDue(start + milliseconds(wait)));
        QCOMPARE(backoff.untilDue(start + milliseconds(wait - 1)).count(), 1);
        QVERIFY(backoff.next() == start + milliseconds(wait));
    }
}

void PacerTest::backoffBeginsAnewAfterSuccess()
{
    Backoff backoff(milliseconds(250), milliseconds(10000));
    for (int i = 0; i < 5; ++i)
        backoff.failed(start);
    backoff.succeeded();
    QVERIFY(backoff.isDue(start));
    backoff.failed(start);
    QCOMPARE(backoff.untilDue(start).count(), 250);
}

void PacerTest::aHurriedBackoffIsDueAndWaitsLongerAfterwards()
{
    Backoff backoff(milliseconds(250), milliseconds(10000));
    backoff.failed(start);
    backoff.hurry(start + milliseconds(1));
    QVERIFY(backoff.isDue(start + milliseconds(1)));
    backoff.failed(start + milliseconds(1));
    QCOMPARE(backoff.untilDue(start + milliseconds(1)).count(), 500);
}

QTEST_GUILESS_MAIN(PacerTest)
#include "tst_pacer.moc"
