// SPDX-License-Identifier: GPL-3.0-or-later
#include "tablefake.h"
#include "ui/models/pagecache.h"

#include <QTest>

using namespace throughline;

namespace {

std::vector<Row> rowsOf(int page)
{
    return {testRow(page * 10), testRow(page * 10 + 1), testRow(page * 10 + 2)};
}

} // namespace

class TestPageCache final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dropsWhatWasNotLookedAtForLongest();
    void pinnedPagesStay();
    void placesFollowInsertedAndErasedRows();
    void renumberedPagesKeepTheirRows();
    void aRowThatMovedIsFoundAtItsNewPlace();
    void staleUntilStoredAgain();
};

void TestPageCache::dropsWhatWasNotLookedAtForLongest()
{
    PageCache cache(3);
    for (int page = 0; page < 3; ++page)
        cache.store(page, rowsOf(page));
    cache.touch(0);
    cache.store(3, rowsOf(3));
    cache.evict([](int) { return false; });
    QCOMPARE(cache.pages(), (std::vector{0, 2, 3}));
    QVERIFY(!cache.locate({"10"}));
    QCOMPARE(cache.rowCount(), 9);
}

void TestPageCache::pinnedPagesStay()
{
    PageCache cache(2);
    for (int page = 0; page < 5; ++page)
        cache.store(page, rowsOf(page));
    cache.evict([](int page) { return page < 3; });
    QCOMPARE(cache.pages(), (std::vector{0, 1, 2}));
}

void TestPageCache::placesFollowInsertedAndErasedRows()
{
    PageCache cache;
    cache.store(1, rowsOf(1));
    cache.insert(1, 1, {testRow(100)});
    QCOMPARE(cache.locate({"11"}), (RowPlace{1, 2}));
    QCOMPARE(cache.row({1, 1}).key.text, QByteArray("100"));
    cache.erase(1, 0, 2);
    QVERIFY(!cache.locate({"10"}));
    QCOMPARE(cache.locate({"11"}), (RowPlace{1, 0}));
    QCOMPARE(cache.locate({"12"}), (RowPlace{1, 1}));
}

void TestPageCache::renumberedPagesKeepTheirRows()
{
    PageCache cache;
    for (int page = 0; page < 3; ++page)
        cache.store(page, rowsOf(page));
    cache.renumber(1, 4);
    QCOMPARE(cache.pages(), (std::vector{0, 5, 6}));
    QCOMPARE(cache.locate({"11"}), (RowPlace{5, 1}));
    QCOMPARE(cache.row({6, 2}).key.text, QByteArray("22"));
}

void TestPageCache::aRowThatMovedIsFoundAtItsNewPlace()
{
    PageCache cache;
    cache.store(0, {testRow(1), testRow(2)});
    cache.store(1, {testRow(2), testRow(3)});
    cache.drop(0);
    QCOMPARE(cache.locate({"2"}), (RowPlace{1, 0}));
}

void TestPageCache::staleUntilStoredAgain()
{
    PageCache cache;
    cache.store(0, rowsOf(0));
    QVERIFY(!cache.isStale(0));
    cache.markStale(0);
    cache.markStale(7);
    QVERIFY(cache.isStale(0));
    QVERIFY(!cache.contains(7));
    cache.store(0, rowsOf(0));
    QVERIFY(!cache.isStale(0));
}

QTEST_GUILESS_MAIN(TestPageCache)
#include "tst_pagecache.moc"
