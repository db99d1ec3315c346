// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/retentionlist.h"

#include <QTest>

using namespace throughline;
using namespace std::chrono_literals;

/// When a push counts as safe, and when it has to be repeated.
class RetentionListTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPushIsSafeOnlyWhenItIsOldEnough();
    void aPushOverABrokenConnectionIsRepeated();
    void anUnansweredPushIsRepeatedOverTheSameConnection();
    void whatWasTakenIsGone();

private:
    static RetainedPush push(qint64 seq, bool pushed, Instant at, quint64 connection)
    {
        return {seq, {}, {seq}, "users", {{{"1"}, {seq}}}, pushed, at, connection};
    }
    const Instant m_start = Clock::now();
};

void RetentionListTest::aPushIsSafeOnlyWhenItIsOldEnough()
{
    RetentionList list(10s);
    list.add(push(1, true, m_start, 1));
    QVERIFY(list.takeSafe(m_start + 9999ms, 1).empty());
    const auto safe = list.takeSafe(m_start + 10s, 1);
    QCOMPARE(safe.size(), size_t(1));
    QCOMPARE(safe.front().seq, 1);
}

void RetentionListTest::aPushOverABrokenConnectionIsRepeated()
{
    RetentionList list(10s);
    list.add(push(1, true, m_start, 1));
    QVERIFY(!list.hasUnpushed(1));
    QVERIFY(list.hasUnpushed(2));
    QVERIFY(list.takeSafe(m_start + 1h, 2).empty());
    QVERIFY(list.takeUnpushed(1).empty());
    QCOMPARE(list.takeUnpushed(2).size(), size_t(1));
}

void RetentionListTest::anUnansweredPushIsRepeatedOverTheSameConnection()
{
    RetentionList list(10s);
    list.add(push(1, false, m_start, 1));
    QVERIFY(list.hasUnpushed(1));
    QVERIFY(list.takeSafe(m_start + 1h, 1).empty());
    QCOMPARE(list.takeUnpushed(1).size(), size_t(1));
}

void RetentionListTest::whatWasTakenIsGone()
{
    RetentionList list(10s);
    list.add(push(1, true, m_start, 1));
    list.add(push(2, true, m_start + 5s, 1));
    QCOMPARE(list.takeSafe(m_start + 10s, 1).size(), size_t(1));
    QVERIFY(list.takeSafe(m_start + 10s, 1).empty());
    QCOMPARE(list.size(), size_t(1));
    QCOMPARE(list.takeAll().front().seq, 2);
    QVERIFY(list.empty());
}

QTEST_APPLESS_MAIN(RetentionListTest)
#include "tst_retentionlist.moc"
