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
    void aRowWrittenMeanwhileIsLookedAtAgain_data();
    void aRowWrittenMeanwhileIsLookedAtAgain();
    void aTouchedHashIsLookedAtAgain();
    void aKeyWaitsOnceAndLongEnough();
    void theWaitingAreBounded();
};

namespace {

KeyLook lookOf(RowDifference difference, const QByteArray &version, qint64 rowVersion = 7)
{
    KeyLook look{{"1"}, {}, CachedRow::State::Hash, version, {rowVersion}};
    look.comparison.row = difference;
    return look;
}

Suspect suspectOf(const QByteArray &version, qint64 rowVersion = 7, int looks = 1)
{
    return {{"1"}, CachedRow::State::Hash, version, {rowVersion}, looks};
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
    QCOMPARE(judge(suspectOf("5", 7, 5), lookOf(RowDifference::Differs, "5")), NextLook::Differs);
    QCOMPARE(judge(suspectOf("5", 0), lookOf(RowDifference::Orphan, "5", 0)), NextLook::Differs);
}

void SuspectsTest::aRowWrittenMeanwhileIsLookedAtAgain_data()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<qint64>("rowBefore");
    QTest::addColumn<qint64>("rowNow");
    QTest::addColumn<NextLook>("expected");
    const auto row = [](const char *name, const char *version, qint64 before, qint64 now, NextLook expected) {
        QTest::newRow(name) << QByteArray(version) << before << now << expected;
    };
    row("its push may be on its way", "5", 5, 6, NextLook::Changing);
    row("the first look had read an older row", "5", 4, 6, NextLook::Changing);
    row("the push before it is missing", "5", 6, 7, NextLook::Differs);
    row("the hash is newer than any row", "9", 5, 6, NextLook::Differs);
    row("the hash has no version", "", 5, 6, NextLook::Differs);
    row("a value differs under the same version", "6", 5, 6, NextLook::Differs);
    row("the row is gone", "5", 6, 0, NextLook::Differs);
}

void SuspectsTest::aRowWrittenMeanwhileIsLookedAtAgain()
{
    QFETCH(QByteArray, version);
    QFETCH(qint64, rowBefore);
    QFETCH(qint64, rowNow);
    QFETCH(NextLook, expected);
    QCOMPARE(judge(suspectOf(version, rowBefore), lookOf(RowDifference::Differs, version, rowNow)), expected);
}

void SuspectsTest::aTouchedHashIsLookedAtAgain()
{
    const KeyLook touched = lookOf(RowDifference::Differs, "6");
    QCOMPARE(judge(suspectOf("5"), touched), NextLook::Changing);
    KeyLook other = lookOf(RowDifference::WrongType, "5");
    other.state = CachedRow::State::WrongType;
    QCOMPARE(judge(suspectOf("5"), other), NextLook::Changing);
    int looks = 1;
    while (judge(suspectOf("5", 7, looks), touched) == NextLook::Changing)
        ++looks;
    QCOMPARE(judge(suspectOf("5", 7, looks), touched), NextLook::Unsettled);
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
