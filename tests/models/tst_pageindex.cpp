// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/changedranges.h"
#include "ui/models/pageindex.h"
#include "ui/models/pageplan.h"
#include "ui/models/pagewishes.h"

#include <QTest>

#include <random>

using namespace throughline;

namespace {

std::vector<RowKey> everyHundredth(int pages)
{
    std::vector<RowKey> keys;
    for (int page = 0; page < pages; ++page)
        keys.push_back({QByteArray::number(page * 100 + 1)});
    return keys;
}

std::vector<Row> rowsNamed(const QByteArray &names)
{
    std::vector<Row> rows;
    for (const char name : names)
        rows.push_back({{QByteArray(1, name)}, {1}, {}});
    return rows;
}

QByteArray namesOf(const std::vector<Row> &rows)
{
    QByteArray names;
    for (const auto &row : rows)
        names += row.key.text;
    return names;
}

} // namespace

class TestPageIndex final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptyTableHasNoPages();
    void lastPageTakesTheRemainder_data();
    void lastPageTakesTheRemainder();
    void everyRowHasItsPage();
    void driftMovesTheRowsBehind();
    void splitKeepsTheRows();
    void requestsAreKnownAgain();
    void keysCompareAsTheirTypeDoes();
    void planLeavesCommonRowsWhereTheyAre_data();
    void planLeavesCommonRowsWhereTheyAre();
    void wishesAskForWhatIsSeenAndOneMore();
    void changedCellsBecomeFewRanges();
};

void TestPageIndex::emptyTableHasNoPages()
{
    const PageIndex index({}, 100, 0);
    QCOMPARE(index.pageCount(), 0);
    QCOMPARE(index.rowCount(), 0);
    QVERIFY(!index.pageOfKey({"1"}, KeyOrder()));
}

void TestPageIndex::lastPageTakesTheRemainder_data()
{
    QTest::addColumn<int>("pages");
    QTest::addColumn<qint64>("rows");
    QTest::addColumn<int>("last");
    QTest::newRow("full") << 3 << qint64(300) << 100;
    QTest::newRow("partly") << 3 << qint64(201) << 1;
    QTest::newRow("count read earlier than the keys") << 3 << qint64(150) << 1;
    QTest::newRow("count read later than the keys") << 3 << qint64(350) << 150;
    QTest::newRow("one page") << 1 << qint64(7) << 7;
}

void TestPageIndex::lastPageTakesTheRemainder()
{
    QFETCH(const int, pages);
    QFETCH(const qint64, rows);
    QFETCH(const int, last);
    const PageIndex index(everyHundredth(pages), 100, rows);
    QCOMPARE(index.size(pages - 1), last);
    QCOMPARE(index.rowCount(), (pages - 1) * 100 + last);
}

void TestPageIndex::everyRowHasItsPage()
{
    // 10 million rows: 50,000 pages.
    const PageIndex index(everyHundredth(50000), 200, 10'000'000);
    QCOMPARE(index.rowCount(), 10'000'000);
    for (const int row : {0, 199, 200, 4'999'999, 5'000'000, 9'999'999}) {
        const int page = index.pageOf(row);
        QCOMPARE(page, row / 200);
        QCOMPARE(index.firstRow(page), page * 200);
    }
}

void TestPageIndex::driftMovesTheRowsBehind()
{
    const auto seed = std::random_device{}();
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    std::vector<int> sizes(37, 100);
    PageIndex index(everyHundredth(37), 100, 3700);
    for (int step = 0; step < 500; ++step) {
        const auto page = random() % sizes.size();
        sizes[page] = static_cast<int>(random() % 5);
        index.resize(static_cast<int>(page), sizes[page]);
        int row = 0;
        for (size_t i = 0; i < sizes.size(); ++i) {
            QCOMPARE(index.firstRow(static_cast<int>(i)), row);
            for (int end = row + sizes[i]; row < end; ++row)
                QCOMPARE(index.pageOf(row), static_cast<int>(i));
        }
        QCOMPARE(index.rowCount(), row);
    }
}

void TestPageIndex::splitKeepsTheRows()
{
    PageIndex index(everyHundredth(3), 100, 300);
    index.resize(1, 250);
    index.split(1, 100, {{"151"}, {"181"}});
    QCOMPARE(index.pageCount(), 5);
    QCOMPARE(index.rowCount(), 450);
    QCOMPARE(index.size(3), 50);
    QCOMPARE(index.firstKey(2).text, QByteArray("151"));
    QCOMPARE(index.firstKey(4).text, QByteArray("201"));
    QCOMPARE(index.firstRow(4), 350);
}

void TestPageIndex::requestsAreKnownAgain()
{
    PageIndex index(everyHundredth(3), 100, 300);
    const auto middle = index.request(1);
    QCOMPARE(middle.before->text, QByteArray("201"));
    QVERIFY(!index.request(2).before);
    QCOMPARE(index.pageOfRequest(middle), 1);
    index.resize(0, 250);
    index.split(0, 100, {{"41"}, {"81"}});
    QCOMPARE(index.pageOfRequest(middle), 3);
    index.split(3, 50, {{"151"}});
    QVERIFY(!index.pageOfRequest(middle));
}

void TestPageIndex::keysCompareAsTheirTypeDoes()
{
    const KeyOrder numbers(ColumnKind::Integer);
    QVERIFY(numbers.less({"9"}, {"10"}));
    QVERIFY(numbers.less({"-2"}, {"1"}));
    const KeyOrder bytes(ColumnKind::Text);
    QVERIFY(bytes.less({"10"}, {"9"}));
    QVERIFY(!bytes.isOrdered({{"a"}, {"B"}}));
    const PageIndex index(everyHundredth(3), 100, 300);
    QCOMPARE(index.pageOfKey({"0"}, numbers), 0);
    QCOMPARE(index.pageOfKey({"100"}, numbers), 0);
    QCOMPARE(index.pageOfKey({"101"}, numbers), 1);
    QCOMPARE(index.pageOfKey({"99999"}, numbers), 2);
}

void TestPageIndex::planLeavesCommonRowsWhereTheyAre_data()
{
    QTest::addColumn<QByteArray>("shown");
    QTest::addColumn<QByteArray>("arrived");
    QTest::addColumn<QByteArray>("kept");
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<int>("steps");
    const auto row = [](const char *tag, const char *shown, const char *arrived, const char *kept, const char *result,
                        int steps) {
        QTest::newRow(tag) << QByteArray(shown) << QByteArray(arrived) << QByteArray(kept) << QByteArray(result)
                           << steps;
    };
    row("same", "abc", "abc", "", "abc", 0);
    row("insert", "ad", "abcd", "", "abcd", 1);
    row("remove", "abcd", "ad", "", "ad", 1);
    row("ends", "bcd", "abce", "", "abce", 3);
    row("everything else", "abc", "xyz", "", "xyz", 2);
    row("to nothing", "abc", "", "", "", 1);
    row("from nothing", "", "abc", "", "abc", 1);
    row("kept", "abc", "ac", "b", "abc", 0);
    row("kept at the ends", "abc", "b", "ac", "abc", 0);
    row("other order", "abc", "cba", "", "cba", 2);
}

void TestPageIndex::planLeavesCommonRowsWhereTheyAre()
{
    QFETCH(const QByteArray, shown);
    QFETCH(const QByteArray, arrived);
    QFETCH(const QByteArray, kept);
    QFETCH(const QByteArray, result);
    QFETCH(const int, steps);
    const PagePlan plan(rowsNamed(shown), rowsNamed(arrived),
                        [&](const RowKey &key) { return kept.contains(key.text); });
    QCOMPARE(namesOf(plan.rows()), result);
    QCOMPARE(static_cast<int>(plan.steps().size()), steps);
    QByteArray followed = shown;
    for (const auto &step : plan.steps()) {
        if (step.kind == PagePlan::Step::Kind::Remove)
            followed.remove(step.offset, step.count);
        else
            followed.insert(step.offset, result.mid(step.offset, step.count));
    }
    QCOMPARE(followed, result);
}

void TestPageIndex::wishesAskForWhatIsSeenAndOneMore()
{
    const auto all = [](int) { return true; };
    PageWishes wishes;
    wishes.wish(5);
    QCOMPARE(wishes.take(100, all), (std::vector{5, 6}));
    wishes.wish(5);
    QVERIFY(wishes.take(100, all).empty());
    wishes.forgetAsked();
    QCOMPARE(wishes.take(100, all), (std::vector{5, 6}));
    wishes.wish(4);
    QCOMPARE(wishes.take(100, all), (std::vector{4, 5, 3}));
    wishes.setVisible(40, 41);
    QCOMPARE(wishes.take(100, all), (std::vector{40, 41, 42}));
    wishes.setVisible(38, 39);
    wishes.wish(38);
    QCOMPARE(wishes.take(100, all), (std::vector{38, 39, 37}));
    wishes.setVisible(99, 99);
    QCOMPARE(wishes.take(100, all), (std::vector{99}));
    QVERIFY(wishes.take(100, [](int) { return false; }).empty());
}

void TestPageIndex::changedCellsBecomeFewRanges()
{
    using Range = ChangedRanges::Range;
    ChangedRanges changed;
    for (int row = 3; row < 10; ++row)
        changed.add(row, 0, 4);
    changed.add(20, 2, 2);
    changed.add(20, 3, 3);
    QCOMPARE(changed.ranges(), (std::vector<Range>{{3, 9, 0, 4}, {20, 20, 2, 3}}));
    changed.exclude(5, 2);
    const auto ranges = changed.ranges();
    for (const auto &range : ranges)
        QVERIFY(!(range.firstRow <= 5 && range.lastRow >= 5 && range.firstColumn <= 2 && range.lastColumn >= 2));
    int cells = 0;
    for (const auto &range : ranges)
        cells += (range.lastRow - range.firstRow + 1) * (range.lastColumn - range.firstColumn + 1);
    QCOMPARE(cells, 7 * 5 - 1 + 2);
}

QTEST_GUILESS_MAIN(TestPageIndex)
#include "tst_pageindex.moc"
