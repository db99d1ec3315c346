// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/backoff.h"
#include "generator/pacer.h"

#include <QTest>

#include <algorithm>
#include <vector>

using namespace throughline;

namespace {

const Instant start = Instant() + std::chrono::hours(1);

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
    void workersAreStaggeredEvenly();
    void aSlowRateWaitsLong();
    void unlimitedIsAlwaysDueAndNeverBehind();
    void whoIsLateIsBehind();
    void anotherRateBeginsANewSchedule();
    void theSameRateChangesNothing();

    void backoffDoublesUpToItsLimit();
    void backoffBeginsAnewAfterSuccess();
    void aHurriedBackoffIsDueAndWaitsLongerAfterwards();
};

void PacerTest::theScheduleIsAbsolute()
{
    Pacer pacer(100, 1, 0, start);
    for (int i = 0; i < 1000; ++i) {
        // However late the edits are, the schedule does not slip.
        QCOMPARE(sinceStart(pacer.due(start + std::chrono::seconds(i))).count(), i * 10);
        pacer.advance();
    }
}

void PacerTest::workersAreStaggeredEvenly()
{
    std::vector<qint64> all;
    for (int worker = 0; worker < 4; ++worker) {
        Pacer pacer(200, 4, worker, start);
        for (int i = 0; i < 25; ++i) {
            all.push_back(sinceStart(pacer.due(start)).count());
            pacer.advance();
        }
    }
    std::ranges::sort(all);
    for (size_t i = 0; i < all.size(); ++i)
        QCOMPARE(all[i], static_cast<qint64>(i) * 5);
}

void PacerTest::aSlowRateWaitsLong()
{
    Pacer pacer(0.1, 1, 0, start);
    QCOMPARE(sinceStart(pacer.due(start)).count(), 0);
    pacer.advance();
    QCOMPARE(sinceStart(pacer.due(start)).count(), 10000);
    QCOMPARE(pacer.behind(start + milliseconds(9999)), 0);
    QCOMPARE(pacer.behind(start + milliseconds(10000)), 1);
}

void PacerTest::unlimitedIsAlwaysDueAndNeverBehind()
{
    Pacer pacer(0, 2, 1, start);
    const Instant now = start + milliseconds(1234);
    for (int i = 0; i < 10; ++i) {
        QVERIFY(pacer.due(now) == now);
        QCOMPARE(pacer.behind(now + std::chrono::hours(1)), 0);
        pacer.advance();
    }
}

void PacerTest::whoIsLateIsBehind()
{
    Pacer pacer(100, 2, 1, start); // due at 10, 30, 50, ... ms
    QCOMPARE(pacer.behind(start - milliseconds(50)), 0);
    QCOMPARE(pacer.behind(start + milliseconds(9)), 0);
    QCOMPARE(pacer.behind(start + milliseconds(10)), 1);
    QCOMPARE(pacer.behind(start + milliseconds(1009)), 50);
    for (int i = 0; i < 49; ++i)
        pacer.advance();
    QCOMPARE(pacer.behind(start + milliseconds(1009)), 1);
    pacer.advance();
    QCOMPARE(pacer.behind(start + milliseconds(1009)), 0);
}

void PacerTest::anotherRateBeginsANewSchedule()
{
    Pacer pacer(1000, 1, 0, start);
    const Instant later = start + milliseconds(5000);
    QCOMPARE(pacer.behind(later), 5001);
    pacer.setRate(10, later);
    QCOMPARE(pacer.rate(), 10.0);
    QCOMPARE(pacer.behind(later), 1); // what was late is forgotten
    pacer.advance();
    QCOMPARE(sinceStart(pacer.due(later)).count(), 5100);
    pacer.setRate(0, later);
    QVERIFY(pacer.due(later) == later);
}

void PacerTest::theSameRateChangesNothing()
{
    Pacer pacer(10, 1, 0, start);
    pacer.advance();
    pacer.setRate(10, start + milliseconds(50));
    QCOMPARE(sinceStart(pacer.due(start)).count(), 100);
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
