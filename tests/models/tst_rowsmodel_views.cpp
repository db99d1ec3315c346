// SPDX-License-Identifier: GPL-3.0-or-later
#include "gridfake.h"
#include "ui/models/rowroles.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

/// The index of a table of any length with the keys 1, 2, 3, ...: its rows are made when they are asked for.
TableIndex longIndex(int rows)
{
    TableIndex index;
    index.generation = 1;
    index.rowCount = rows;
    index.totalRows = rows;
    for (int first = 0; first < rows; first += index.pageSize)
        index.firstKeys.push_back({QByteArray::number(first + 1)});
    for (int row = 0; row < std::min(rows, index.pageSize); ++row)
        index.firstPage.push_back(testRow(row + 1));
    return index;
}

void answerAtOnce(RowsModel &model)
{
    QObject::connect(&model, &RowsModel::pagesWanted, &model,
                     [&model](quint64 generation, const std::vector<PageRequest> &requests) {
                         for (const auto &request : requests) {
                             RowPage page{generation, request, {}};
                             const auto end = request.before ? request.before->text.toInt() : model.rowCount() + 1;
                             for (int key = request.from.text.toInt(); key < end; ++key)
                                 page.rows.push_back(testRow(key));
                             model.addPage(page);
                         }
                     });
}

/// A view of ten or more rows, as a window would show it.
class View : public QTableView
{
public:
    explicit View(RowsModel &model)
    {
        verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
        verticalHeader()->setDefaultSectionSize(24);
        setModel(&model);
        resize(900, 400);
        show();
        QCoreApplication::processEvents();
    }
    [[nodiscard]] QLineEdit *openEditor(const QModelIndex &index)
    {
        setCurrentIndex(index);
        edit(index);
        return findChild<QLineEdit *>();
    }
};

} // namespace

class TestRowsModelViews final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMillionRowsScrollWithFewInMemory();
    void tenMillionRowsAreReadWhereOneLooks();
    void liveRowsLeaveEditorSelectionAndScrollPositionAlone();
    void renewalLeavesEditorSelectionAndScrollPositionAlone();
    void aRowDeletedUnderItsEditorStays();
    void anotherFilterWaitsForTheEditor();
};

void TestRowsModelViews::aMillionRowsScrollWithFewInMemory()
{
    RowsModel model(testMapping());
    answerAtOnce(model);
    model.setIndex(longIndex(1'000'000));
    View view(model);
    auto *bar = view.verticalScrollBar();
    for (int step = 0; step <= 400; ++step) {
        bar->setValue(static_cast<int>(static_cast<qint64>(bar->maximum()) * ((step * 37) % 401) / 400));
        QCoreApplication::processEvents();
        QVERIFY(model.loadedPages() <= PagedModel::defaultMaxPages);
    }
    QVERIFY(model.loadedRows() <= qsizetype(64 * 200));
    bar->setValue(bar->maximum());
    QTRY_COMPARE(model.index(999'999, 0).data().toString(), u"1000000"_s);
}

void TestRowsModelViews::tenMillionRowsAreReadWhereOneLooks()
{
    RowsModel model(testMapping());
    answerAtOnce(model);
    model.setIndex(longIndex(10'000'000));
    for (int step = 0; step < 300; ++step) {
        const int row = static_cast<int>(step * 7'654'321LL % 10'000'000);
        (void)model.index(row, 0).data();
        QCoreApplication::processEvents();
        QCOMPARE(model.index(row, 0).data().toInt(), row + 1);
    }
    QCOMPARE(model.rowCount(), 10'000'000);
    QVERIFY(model.loadedPages() <= PagedModel::defaultMaxPages);
    // A row that goes far up, on a page that is not loaded, moves everything below.
    model.removeRow({"1"});
    (void)model.index(9'000'000, 0).data();
    QCoreApplication::processEvents();
    QCOMPARE(model.index(9'000'000, 0).data().toInt(), 9'000'002);
}

void TestRowsModelViews::liveRowsLeaveEditorSelectionAndScrollPositionAlone()
{
    GridFake grid(300);
    grid.loadAll();
    View view(grid.model);
    view.verticalScrollBar()->setValue(50);
    view.selectRow(55);
    auto *editor = view.openEditor(grid.model.index(56, 1));
    QVERIFY(editor);
    grid.model.beginEdit(grid.model.index(56, 1));
    editor->setText(u"half a wo"_s);
    const int top = view.rowAt(0);
    const auto selected = view.selectionModel()->selectedIndexes();
    const auto keyAtTop = grid.keyAt(top);
    for (int version = 2; version < 40; ++version) {
        std::vector<Row> rows;
        for (int key = 1; key <= 300; ++key) {
            rows.push_back(testRow(key, version));
            rows.back().values[0] = QByteArray::number(version);
            rows.back().values[4] = QByteArray::number(version);
        }
        grid.model.applyRows(rows);
        QCoreApplication::processEvents();
    }
    QCOMPARE(view.findChild<QLineEdit *>(), editor);
    QCOMPARE(editor->text(), u"half a wo"_s);
    QCOMPARE(view.selectionModel()->selectedIndexes(), selected);
    QCOMPARE(grid.keyAt(view.rowAt(0)), keyAtTop);
    QCOMPARE(grid.model.index(56, 5).data().toString(), u"39"_s);
}

void TestRowsModelViews::renewalLeavesEditorSelectionAndScrollPositionAlone()
{
    GridFake grid(300);
    grid.loadAll();
    View view(grid.model);
    view.verticalScrollBar()->setValue(150);
    const auto cell = grid.model.index(156, 1);
    auto *editor = view.openEditor(cell);
    grid.model.beginEdit(cell);
    editor->setText(u"half a wo"_s);
    const auto key = grid.keyAt(156);
    for (const int gone : {5, 77, 152, 280})
        grid.table.rows.erase(gone);
    for (const int more : {301, 302, 303, 304, 305})
        grid.table.rows[more] = testRow(more);
    grid.renew();
    QCoreApplication::processEvents();
    grid.answer();
    QCOMPARE(view.findChild<QLineEdit *>(), editor);
    QCOMPARE(editor->text(), u"half a wo"_s);
    QCOMPARE(grid.model.keyAt(view.currentIndex().row())->text, key);
    QVERIFY(view.viewport()->rect().contains(editor->geometry().center()));
    grid.loadAll();
    for (int row = 0; row < grid.model.rowCount(); ++row)
        grid.load(row);
    QCOMPARE(grid.model.rowCount(), 301);
    QCOMPARE(grid.model.keyAt(view.currentIndex().row())->text, key);
}

void TestRowsModelViews::aRowDeletedUnderItsEditorStays()
{
    GridFake grid(30);
    View view(grid.model);
    const auto cell = grid.model.index(2, 1);
    auto *editor = view.openEditor(cell);
    grid.model.beginEdit(cell);
    editor->setText(u"half a wo"_s);
    grid.model.removeRow({"3"});
    grid.table.rows.erase(3);
    grid.renew();
    grid.load(0);
    QCOMPARE(view.findChild<QLineEdit *>(), editor);
    QVERIFY(grid.model.rowOf({"3"}));
    grid.model.endEdit();
    QVERIFY(!grid.model.rowOf({"3"}));
}

void TestRowsModelViews::anotherFilterWaitsForTheEditor()
{
    GridFake grid(30);
    grid.model.beginEdit(grid.model.index(2, 1));
    auto index = TableFake(7).index(++grid.generation, 10);
    index.filter.contains = u"user"_s;
    grid.model.setIndex(index);
    QCOMPARE(grid.model.rowCount(), 30);
    grid.model.endEdit();
    QCOMPARE(grid.model.rowCount(), 7);
}

QTEST_MAIN(TestRowsModelViews)
#include "tst_rowsmodel_views.moc"
