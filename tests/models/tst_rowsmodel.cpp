// SPDX-License-Identifier: GPL-3.0-or-later
#include "gridfake.h"
#include "ui/models/rowroles.h"

#include <QSignalSpy>
#include <QTest>

#include <random>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

std::vector<int> pagesOf(const std::vector<PageRequest> &requests)
{
    std::vector<int> pages;
    for (const auto &request : requests)
        pages.push_back(request.page);
    return pages;
}

} // namespace

class TestRowsModel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEmptyTableIsNoTrouble();
    void anEmptyTableTakesItsFirstRow();
    void firstPageShowsBeforeTheIndexIsComplete();
    void asksOncePerTurnForWhatWasLookedAt();
    void blankUntilItsPageComes();
    void aPageMayHoldMoreOrFewerRows_data();
    void aPageMayHoldMoreOrFewerRows();
    void memoryStaysBounded();
    void pagesInViewAreNotEvicted();
    void pagesOfOlderGenerationsAreIgnored();
    void renewalKeepsPlacesByKey();
    void anotherFilterResets();
    void rowsComeAndGoAtPageBorders();
    void onlyNewerVersionsReplace();
    void changesAreToldInFewRanges();
    void aNewerRowWaitsForItsPage();
    void aGrownPageIsCut();
    void whatOthersChangedIsReadAgain();
    void readingAgainLeavesTheEditorAlone();
    void aKeyIsFoundNearWhereItStands();
    void othersChangesFlash();
    void rolesOfCellsAndHeaders();
    void randomOperationsAgreeWithAList();
};

void TestRowsModel::anEmptyTableIsNoTrouble()
{
    GridFake grid(0);
    QCOMPARE(grid.model.rowCount(), 0);
    QCOMPARE(grid.model.columnCount(), 7);
    grid.model.setVisibleRows(0, 10);
    grid.ask();
    QVERIFY(grid.wanted.empty());
    grid.model.applyRows({testRow(1, 5)});
    grid.model.removeRow({"1"});
    grid.renew();
    QCOMPARE(grid.model.rowCount(), 0);
    QVERIFY(!grid.model.headerData(0, Qt::Vertical, RowStateRole).isValid());
}

void TestRowsModel::anEmptyTableTakesItsFirstRow()
{
    GridFake grid(0);
    grid.model.insertRow(testRow(5));
    grid.model.insertRow(testRow(3));
    grid.model.insertRow(testRow(7));
    QCOMPARE(grid.model.rowCount(), 3);
    QCOMPARE(grid.keyAt(0), QByteArray("3"));
    QCOMPARE(grid.keyAt(2), QByteArray("7"));
    grid.model.removeRow({"3"});
    grid.model.removeRow({"5"});
    grid.model.removeRow({"7"});
    QCOMPARE(grid.model.rowCount(), 0);
    QCOMPARE(grid.model.totalRows(), 0);
}

void TestRowsModel::firstPageShowsBeforeTheIndexIsComplete()
{
    GridFake grid(0);
    grid.table = TableFake(95);
    auto first = grid.table.index(++grid.generation, 10);
    first.complete = false;
    first.firstKeys.resize(1);
    RowsModel model(testMapping());
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setIndex(first);
    QCOMPARE(model.rowCount(), 10);
    const QPersistentModelIndex seventh = model.index(6, 1);
    model.setIndex(grid.table.index(grid.generation, 10));
    QCOMPARE(model.rowCount(), 95);
    QCOMPARE(seventh.row(), 6);
    QCOMPARE(seventh.data().toString(), u"user7"_s);
}

void TestRowsModel::asksOncePerTurnForWhatWasLookedAt()
{
    GridFake grid(200);
    grid.ask();
    grid.wanted.clear();
    const QSignalSpy asked(&grid.model, &RowsModel::pagesWanted);
    grid.model.setVisibleRows(50, 69);
    for (int row = 50; row < 70; ++row)
        (void)grid.model.index(row, 1).data();
    QCOMPARE(asked.size(), 0);
    grid.ask();
    QCOMPARE(asked.size(), 1);
    QCOMPARE(pagesOf(grid.wanted), (std::vector{6, 5, 7}));
    (void)grid.model.index(51, 1).data();
    grid.ask();
    QCOMPARE(asked.size(), 1);
    grid.model.askAgain();
    grid.ask();
    QCOMPARE(asked.size(), 2);
}

void TestRowsModel::blankUntilItsPageComes()
{
    GridFake grid(100);
    const auto cell = grid.model.index(50, 1);
    QCOMPARE(cell.data(LoadedRole).toBool(), false);
    QCOMPARE(cell.data().toString(), QString());
    QVERIFY(!(cell.flags() & Qt::ItemIsEditable));
    QCOMPARE(cell.data(Qt::AccessibleTextRole).toString(), u"username, not read yet"_s);
    const QSignalSpy changed(&grid.model, &RowsModel::dataChanged);
    grid.load(50);
    QCOMPARE(cell.data(LoadedRole).toBool(), true);
    QCOMPARE(cell.data().toString(), u"user51"_s);
    QVERIFY(!changed.isEmpty());
}

void TestRowsModel::aPageMayHoldMoreOrFewerRows_data()
{
    QTest::addColumn<QList<int>>("gone");
    QTest::addColumn<QList<int>>("added");
    QTest::newRow("fewer") << QList<int>{52, 55, 60} << QList<int>{};
    QTest::newRow("none left") << QList<int>{51, 52, 53, 54, 55, 56, 57, 58, 59, 60} << QList<int>{};
    QTest::newRow("border") << QList<int>{51, 60} << QList<int>{};
    QTest::newRow("last page grows") << QList<int>{} << QList<int>{101, 102, 103};
}

void TestRowsModel::aPageMayHoldMoreOrFewerRows()
{
    QFETCH(const QList<int>, gone);
    QFETCH(const QList<int>, added);
    GridFake grid(100);
    for (const int key : gone)
        grid.table.rows.erase(key);
    for (const int key : added)
        grid.table.rows[key] = testRow(key);
    const QPersistentModelIndex behind = grid.model.index(70, 0);
    grid.loadAll();
    QCOMPARE(grid.model.rowCount(), static_cast<int>(grid.table.rows.size()));
    QCOMPARE(behind.data().toString(), u"71"_s);
    int row = 0;
    for (const auto &[key, expected] : grid.table.rows)
        QCOMPARE(grid.keyAt(row++), expected.key.text);
}

void TestRowsModel::memoryStaysBounded()
{
    GridFake grid(2000, 10, 8);
    for (int row = 0; row < 2000; row += 7)
        grid.load(row);
    QVERIFY(grid.model.loadedPages() <= 8);
    QVERIFY(grid.model.loadedRows() <= 80);
}

void TestRowsModel::pagesInViewAreNotEvicted()
{
    GridFake grid(2000, 10, 4);
    grid.model.setVisibleRows(100, 159);
    grid.ask();
    grid.answer();
    grid.load(500);
    for (int row = 100; row < 160; ++row)
        QVERIFY(grid.model.keyAt(row));
}

void TestRowsModel::pagesOfOlderGenerationsAreIgnored()
{
    GridFake grid(100);
    (void)grid.model.index(50, 0).data();
    grid.ask();
    const auto old = grid.table.page(grid.generation, grid.wanted.front());
    grid.renew();
    grid.model.addPage(old);
    QVERIFY(!grid.model.keyAt(50));
    auto older = grid.table.index(1, 10);
    older.generation = 0;
    older.rowCount = 3;
    grid.model.setIndex(older);
    QCOMPARE(grid.model.rowCount(), 100);
}

void TestRowsModel::renewalKeepsPlacesByKey()
{
    GridFake grid(100);
    grid.loadAll();
    const QPersistentModelIndex current = grid.model.index(45, 2);
    const QPersistentModelIndex gone = grid.model.index(30, 2);
    const QSignalSpy reset(&grid.model, &RowsModel::modelReset);
    for (const int key : {3, 4, 31, 90})
        grid.table.rows.erase(key);
    for (const int key : {-5, 0, 101, 102})
        grid.table.rows[key] = testRow(key);
    grid.renew();
    QCOMPARE(grid.model.rowCount(), 100);
    grid.loadAll();
    for (int row = 0; row < grid.model.rowCount(); ++row)
        grid.load(row);
    QCOMPARE(reset.size(), 0);
    QCOMPARE(current.sibling(current.row(), 0).data().toString(), u"46"_s);
    QCOMPARE(current.row(), 44);
    QVERIFY(!gone.isValid() || gone.sibling(gone.row(), 0).data().toString() != u"31"_s);
    int row = 0;
    for (const auto &[key, expected] : grid.table.rows)
        QCOMPARE(grid.keyAt(row++), expected.key.text);
    QCOMPARE(row, grid.model.rowCount());
}

void TestRowsModel::anotherFilterResets()
{
    GridFake grid(100);
    const QSignalSpy reset(&grid.model, &RowsModel::modelReset);
    auto index = TableFake(7).index(++grid.generation, 10);
    index.filter.contains = u"user"_s;
    grid.model.setIndex(index);
    QCOMPARE(reset.size(), 1);
    QCOMPARE(grid.model.rowCount(), 7);
    QCOMPARE(grid.model.index(0, 1).data(SearchTextRole).toString(), u"user"_s);
    QCOMPARE(grid.model.index(0, 3).data(SearchTextRole).toString(), QString());
    Row other = testRow(50);
    other.values = {"nobody", "x", "x", {}, {}, {}};
    grid.model.insertRow(other);
    QCOMPARE(grid.model.rowCount(), 7);
    grid.model.insertRow(testRow(51));
    QCOMPARE(grid.model.rowCount(), 8);
}

void TestRowsModel::rowsComeAndGoAtPageBorders()
{
    GridFake grid(30);
    grid.loadAll();
    for (const int key : {10, 11, 20, 21, 1, 30}) {
        grid.model.removeRow({QByteArray::number(key)});
        grid.table.rows.erase(key);
    }
    for (const int key : {10, 21, 0, 31, 11}) {
        grid.model.insertRow(testRow(key));
        grid.table.rows[key] = testRow(key);
    }
    int row = 0;
    for (const auto &[key, expected] : grid.table.rows)
        QCOMPARE(grid.keyAt(row++), expected.key.text);
    QCOMPARE(grid.model.rowCount(), row);
}

void TestRowsModel::onlyNewerVersionsReplace()
{
    GridFake grid(10);
    auto row = testRow(3, 5);
    row.values[0] = "five";
    grid.model.applyRows({row});
    QCOMPARE(grid.model.index(2, 1).data().toString(), u"five"_s);
    row.version = {4};
    row.values[0] = "four";
    grid.model.applyRows({row});
    QCOMPARE(grid.model.index(2, 1).data().toString(), u"five"_s);
    grid.renew();
    grid.load(2);
    QCOMPARE(grid.model.index(2, 1).data().toString(), u"five"_s);
}

void TestRowsModel::changesAreToldInFewRanges()
{
    GridFake grid(10);
    std::vector<Row> rows;
    for (int key = 3; key <= 7; ++key) {
        rows.push_back(testRow(key, 2));
        rows.back().values[4] = "99";
    }
    QSignalSpy changed(&grid.model, &RowsModel::dataChanged);
    grid.model.applyRows(rows);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed.first().at(0).toModelIndex(), grid.model.index(2, 5));
    QCOMPARE(changed.first().at(1).toModelIndex(), grid.model.index(6, 5));
}

void TestRowsModel::aNewerRowWaitsForItsPage()
{
    GridFake grid(100);
    (void)grid.model.index(50, 0).data();
    grid.ask();
    auto row = testRow(51, 9);
    row.values[0] = "newer";
    grid.model.applyRows({row});
    grid.answer();
    QCOMPARE(grid.model.index(50, 1).data().toString(), u"newer"_s);
}

void TestRowsModel::whatOthersChangedIsReadAgain()
{
    GridFake grid(100);
    grid.model.setVisibleRows(0, 9);
    grid.load(0);
    grid.load(50);
    const QPersistentModelIndex third = grid.model.index(2, 1);
    grid.table.rows[3] = testRow(3, 7);
    grid.table.rows.erase(2);
    grid.model.readAgain();
    QVERIFY(grid.model.index(2, 1).data(LoadedRole).toBool()); // shown as it was until it is read
    grid.ask();
    QVERIFY(!grid.wanted.empty());
    QCOMPARE(grid.wanted.front().page, 0);
    for (const PageRequest &request : grid.wanted)
        QVERIFY(request.page != 5); // not in view: when it is looked at
    grid.answer();
    QCOMPARE(grid.model.rowCount(), 99);
    QCOMPARE(third.row(), 1);
    QCOMPARE(grid.model.row({"3"})->version, RowVersion{7});
    grid.ask();
    QVERIFY(grid.wanted.empty());
}

void TestRowsModel::readingAgainLeavesTheEditorAlone()
{
    GridFake grid(100);
    grid.load(0);
    const QModelIndex edited = grid.model.index(4, 1);
    grid.model.beginEdit(edited);
    grid.table.rows.erase(1);
    grid.table.rows[5] = testRow(5, 9);
    const QPersistentModelIndex kept = edited;
    const QSignalSpy changed(&grid.model, &RowsModel::dataChanged);
    grid.model.readAgain();
    grid.load(0);
    QCOMPARE(kept.row(), 3);
    for (const auto &signal : changed) {
        const auto first = signal.at(0).toModelIndex();
        const auto last = signal.at(1).toModelIndex();
        QVERIFY(3 < first.row() || 3 > last.row() || 1 < first.column() || 1 > last.column());
    }
    grid.model.endEdit();
}

void TestRowsModel::aKeyIsFoundNearWhereItStands()
{
    GridFake grid(100);
    grid.load(0);
    QCOMPARE(grid.model.rowNear({"4"}).value_or(-1), 3);
    QCOMPARE(grid.model.rowNear({"57"}).value_or(-1), 50);
    QCOMPARE(grid.model.rowNear({"100000"}).value_or(-1), 90);
}

void TestRowsModel::aGrownPageIsCut()
{
    GridFake grid(30);
    for (int key = 31; key <= 75; ++key)
        grid.table.rows[key] = testRow(key);
    grid.load(25);
    QCOMPARE(grid.model.rowCount(), 75);
    QVERIFY(grid.model.loadedPages() > 3);
    for (int key = 76; key <= 100; ++key)
        grid.model.insertRow(testRow(key));
    QCOMPARE(grid.keyAt(99), QByteArray("100"));
    grid.load(15);
    QCOMPARE(grid.keyAt(15), QByteArray("16"));
}

void TestRowsModel::othersChangesFlash()
{
    GridFake grid(10);
    auto row = testRow(3, 2);
    row.values[4] = "99";
    grid.model.applyRows({row});
    const auto cell = grid.model.index(2, 5);
    QCOMPARE(cell.data(FlashRole).toDouble(), 1.0);
    QCOMPARE(grid.model.index(2, 4).data(FlashRole).toDouble(), 0.0);
    grid.now += 300ms;
    QSignalSpy changed(&grid.model, &RowsModel::dataChanged);
    grid.model.advance();
    QCOMPARE(cell.data(FlashRole).toDouble(), 0.5);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed.first().at(2).value<QList<int>>(), QList<int>{FlashRole});
    grid.now += 300ms;
    grid.model.advance();
    QCOMPARE(cell.data(FlashRole).toDouble(), 0.0);

    const QSignalSpy rate(&grid.model, &RowsModel::changesPerSecond);
    for (int version = 3; version < 60; ++version) {
        row.version = {version};
        row.values[4] = QByteArray::number(version);
        grid.model.applyRows({row});
    }
    QVERIFY(rate.size() >= 1);
    grid.now += 2s;
    grid.model.advance();
    QCOMPARE(rate.last().first().toInt(), 0);
}

void TestRowsModel::rolesOfCellsAndHeaders()
{
    GridFake grid(10);
    const auto &model = grid.model;
    QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), u"id"_s);
    QCOMPARE(model.headerData(4, Qt::Horizontal, Qt::DisplayRole).toString(), u"date_of_birth"_s);
    QVERIFY(!model.headerData(7, Qt::Horizontal, Qt::DisplayRole).isValid());
    QCOMPARE(model.headerData(3, Qt::Vertical, KeyRole).toByteArray(), QByteArray("4"));
    QVERIFY(model.index(0, 5).data(Qt::TextAlignmentRole).toInt() & Qt::AlignRight);
    QVERIFY(model.index(0, 1).data(Qt::TextAlignmentRole).toInt() & Qt::AlignLeft);
    const auto secret = model.index(0, 3);
    for (const int role : {int(Qt::DisplayRole), int(Qt::EditRole), int(Qt::ToolTipRole), int(Qt::AccessibleTextRole),
                           int(StateSentenceRole), int(SearchTextRole)})
        QVERIFY(!secret.data(role).toString().contains("argon2"_L1));
    QCOMPARE(secret.data(Qt::AccessibleTextRole).toString(), u"password_hash, masked"_s);
    QVERIFY(secret.data(IsSecretRole).toBool());
    const auto null = model.index(0, 6);
    QVERIFY(null.data(IsNullRole).toBool());
    QVERIFY(!null.data(Qt::EditRole).isValid());
    QCOMPARE(null.data(Qt::AccessibleTextRole).toString(), u"total, null"_s);
    QVERIFY(!(null.flags() & Qt::ItemIsEditable)); // generated
    QVERIFY(!(model.index(0, 0).flags() & Qt::ItemIsEditable));
    QVERIFY(model.index(0, 1).flags() & Qt::ItemIsEditable);
    grid.model.setReadOnly(true);
    QVERIFY(!(model.index(0, 1).flags() & Qt::ItemIsEditable));
}

void TestRowsModel::randomOperationsAgreeWithAList()
{
    const auto seed = qEnvironmentVariableIsSet("TEST_SEED")
                          ? static_cast<unsigned>(qEnvironmentVariableIntValue("TEST_SEED"))
                          : std::random_device{}();
    qInfo("TEST_SEED=%u", seed);
    std::mt19937 random(seed);
    const auto below = [&](int end) { return static_cast<int>(random() % static_cast<unsigned>(std::max(end, 1))); };
    GridFake grid(120, 10, 6);
    qint64 version = 1;
    for (int step = 0; step < 600; ++step) {
        const qint64 key = below(180);
        switch (below(6)) {
        case 0: // somebody else, unseen
            grid.table.rows.erase(key);
            break;
        case 1:
            grid.table.rows[key] = testRow(key, ++version);
            break;
        case 2:
            grid.table.rows[key] = testRow(key, ++version);
            grid.model.insertRow(grid.table.rows[key]);
            break;
        case 3:
            if (grid.table.rows.erase(key))
                grid.model.removeRow({QByteArray::number(key)});
            break;
        case 4:
            if (below(5) == 0)
                grid.renew();
            break;
        default:
            if (grid.model.rowCount() > 0)
                grid.load(below(grid.model.rowCount()));
        }
    }
    // Read everything again: then the grid shows the table.
    grid.renew();
    std::vector<QByteArray> shown;
    for (int row = 0; row < grid.model.rowCount(); ++row) {
        grid.load(row);
        shown.push_back(grid.keyAt(row));
    }
    std::vector<QByteArray> expected;
    for (const auto &[key, row] : grid.table.rows)
        expected.push_back(row.key.text);
    QCOMPARE(shown, expected);
    QVERIFY(grid.model.loadedPages() <= 6);
}

QTEST_MAIN(TestRowsModel)
#include "tst_rowsmodel.moc"
