// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/suspects.h"

#include <QTest>

using namespace throughline;

/// When a difference counts: at a second look, and only where nobody has touched the hash in between.
class SuspectsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAgreementEndsTheSuspicion();
    void anUntouchedHashDiffers();
    void aTouchedHashIsLookedAtAgain();
    void aKeyWaitsOnceAndLongEnough();
    void theWaitingAreBounded();
};

namespace {

KeyLook lookOf(RowDifference difference, const QByteArray &version, CachedRow::State state = CachedRow::State::Hash)
{
    KeyLook look{{"1"}, {}, state, version};
    look.comparison.row = difference;
    return look;
}

Suspect suspectOf(const QByteArray &version, int looks = 1)
{
    return {{"1"}, CachedRow::State::Hash, version, looks};
}

} // namespace

void SuspectsTest::anAgreementEndsTheSuspicion()
{
    for (const RowDifference fine : {RowDifference::Same, RowDifference::NotCached, RowDifference::Neither})
        QCOMPARE(judge(suspectOf("5"), lookOf(fine, "5")), NextLook::Agrees);
}

void SuspectsTest::anUntouchedHashDiffers()
{
    QCOMPARE(judge(suspectOf("5"), lookOf(RowDifference::Differs, "5")), NextLook::Differs);
    QCOMPARE(judge(suspectOf("5", 5), lookOf(RowDifference::Orphan, "5")), NextLook::Differs);
}

void SuspectsTest::aTouchedHashIsLookedAtAgain()
{
    QCOMPARE(judge(suspectOf("5"), lookOf(RowDifference::Differs, "6")), NextLook::Changing);
    QCOMPARE(judge(suspectOf("5"), lookOf(RowDifference::WrongType, "", CachedRow::State::WrongType)),
             NextLook::Changing);
    int looks = 1;
    while (judge(suspectOf("5", looks), lookOf(RowDifference::Differs, "6")) == NextLook::Changing)
        ++looks;
    QCOMPARE(judge(suspectOf("5", looks), lookOf(RowDifference::Differs, "6")), NextLook::Unsettled);
    QVERIFY(looks > 2 && looks < 20);
}

void SuspectsTest::aKeyWaitsOnceAndLongEnough()
{
    Suspects suspects(milliseconds(300));
    const Instant start{};
    suspects.add(lookOf(RowDifference::Orphan, "5"), 1, start);
    suspects.add(lookOf(RowDifference::Orphan, "6"), 1, start + milliseconds(10)); // SCAN may give a key twice
    QCOMPARE(suspects.size(), 1);
    KeyLook other = lookOf(RowDifference::Orphan, "5");
    other.key = {"2"};
    suspects.add(other, 2, start + milliseconds(50));
    QCOMPARE(suspects.due(), start + milliseconds(350));
    const auto taken = suspects.takeAll();
    QCOMPARE(taken.size(), size_t(2));
    QCOMPARE(taken[0].version, "5");
    QCOMPARE(taken[1].key.text, "2");
    QCOMPARE(taken[1].looks, 2);
    QCOMPARE(suspects.size(), 0);
    suspects.add(other, 3, start);
    QCOMPARE(suspects.size(), 1);
}

void SuspectsTest::theWaitingAreBounded()
{
    Suspects suspects(milliseconds(300));
    KeyLook look = lookOf(RowDifference::Orphan, "5");
    int added = 0;
    for (; !suspects.full() && added < 10'000'000; ++added) {
        look.key = {QByteArray::number(added)};
        suspects.add(look, 1, Instant());
    }
    QVERIFY(added > 1'000 && added < 100'000);
}

QTEST_APPLESS_MAIN(SuspectsTest)
#include "tst_suspects.moc"
