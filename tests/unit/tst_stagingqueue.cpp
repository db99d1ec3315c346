// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stagingqueue.h"

#include <QTest>

using namespace throughline;
using namespace std::chrono_literals;

/// Which staged writes are looked at when: none is forgotten, and none is in two hands.
class StagingQueueTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keysComeInTheirOrderAndOnce();
    void aFinishedKeyIsForgotten();
    void whatIsNoticedMeanwhileComesAgain();
    void aRetryWaitsUntilItIsDue();
    void heldKeysAreKnown();
    void anotherWorkHasItsOwnTime();
    void theNextDueIsTheEarliest();
};

namespace {

const Instant start = Instant() + 1h;
const RowKey one{"1"}, two{"2"}, three{"3"};
using Keys = std::vector<RowKey>;

} // namespace

void StagingQueueTest::keysComeInTheirOrderAndOnce()
{
    StagingQueue queue;
    for (const RowKey &key : {two, one, two, three})
        queue.notice(key, start);
    QCOMPARE(queue.takeDue(start, 2), (Keys{two, one}));
    QCOMPARE(queue.takeDue(start, 2), (Keys{three}));
    QCOMPARE(queue.takeDue(start, 2), Keys());
}

void StagingQueueTest::aFinishedKeyIsForgotten()
{
    StagingQueue queue;
    queue.notice(one, start);
    QCOMPARE(queue.noticedAt(one), start);
    QCOMPARE(queue.takeDue(start, 9), (Keys{one}));
    queue.finish(one, start + 1s);
    QCOMPARE(queue.takeDue(start + 2s, 9), Keys());
    QVERIFY(!queue.nextDue());
}

void StagingQueueTest::whatIsNoticedMeanwhileComesAgain()
{
    StagingQueue queue;
    queue.notice(one, start);
    QCOMPARE(queue.takeDue(start, 9), (Keys{one}));
    queue.notice(one, start + 1s);
    QCOMPARE(queue.takeDue(start + 1s, 9), Keys()); // it is in hand
    queue.finish(one, start + 2s);
    QCOMPARE(queue.takeDue(start + 2s, 9), (Keys{one}));
    QCOMPARE(queue.noticedAt(one), start + 2s);
    queue.retry(one, start + 9s, true);
    queue.notice(one, start + 3s);
    QCOMPARE(queue.takeDue(start + 3s, 9), Keys()); // it waits its turn
    QCOMPARE(queue.takeDue(start + 9s, 9), (Keys{one}));
    queue.finish(one, start + 9s);
    QCOMPARE(queue.takeDue(start + 9s, 9), (Keys{one}));
}

void StagingQueueTest::aRetryWaitsUntilItIsDue()
{
    StagingQueue queue;
    queue.notice(one, start);
    QCOMPARE(queue.takeDue(start, 9), (Keys{one}));
    QCOMPARE(queue.attempts(one), 0);
    queue.retry(one, start + 5s, false);
    QCOMPARE(queue.takeDue(start + 4s, 9), Keys());
    QCOMPARE(queue.takeDue(start + 5s, 9), (Keys{one}));
    QCOMPARE(queue.attempts(one), 1);
    QVERIFY(!queue.heldSince(one)); // another gateway had it
    QCOMPARE(queue.noticedAt(one), start);
}

void StagingQueueTest::heldKeysAreKnown()
{
    StagingQueue queue;
    queue.notice(one, start);
    queue.notice(two, start);
    QCOMPARE(queue.takeDue(start, 9), (Keys{one, two}));
    queue.retry(one, start + 1s, true);
    queue.retry(two, start + 1s, false);
    QCOMPARE(queue.countSince(start), 0);
    QCOMPARE(queue.countSince(start + 1s), 2);
    QCOMPARE(queue.takeDue(start + 1s, 9), (Keys{one, two}));
    QVERIFY(queue.heldSince(one));
    QVERIFY(!queue.heldSince(two));
    queue.finish(one, start + 1s);
    QCOMPARE(queue.countSince(start + 1s), 1);
}

void StagingQueueTest::anotherWorkHasItsOwnTime()
{
    StagingQueue queue;
    queue.notice(one, start);
    QCOMPARE(queue.takeDue(start, 9), (Keys{one}));
    QVERIFY(queue.begin(one, "a", start));
    QCOMPARE(queue.noticedAt(one), start);
    queue.retry(one, start + 1s, true);
    QCOMPARE(queue.takeDue(start + 1s, 9), (Keys{one}));
    QVERIFY(!queue.begin(one, "a", start + 1s)); // still the same
    QVERIFY(queue.heldSince(one));
    QCOMPARE(queue.attempts(one), 1);
    queue.retry(one, start + 60s, true);
    QCOMPARE(queue.takeDue(start + 60s, 9), (Keys{one}));
    QVERIFY(queue.begin(one, "b", start + 60s)); // somebody else has finished the first
    QVERIFY(!queue.heldSince(one));
    QCOMPARE(queue.attempts(one), 0);
    QCOMPARE(queue.noticedAt(one), start + 60s);
}

void StagingQueueTest::theNextDueIsTheEarliest()
{
    StagingQueue queue;
    QVERIFY(!queue.nextDue());
    queue.notice(one, start);
    queue.notice(two, start);
    QCOMPARE(queue.takeDue(start, 9), (Keys{one, two}));
    queue.retry(one, start + 9s, true);
    queue.retry(two, start + 5s, true);
    QCOMPARE(queue.nextDue(), std::optional(start + 5s));
    queue.notice(three, start + 1s);
    QVERIFY(*queue.nextDue() <= start + 1s); // at once
}

QTEST_APPLESS_MAIN(StagingQueueTest)
#include "tst_stagingqueue.moc"
