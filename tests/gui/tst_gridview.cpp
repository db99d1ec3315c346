// SPDX-License-Identifier: GPL-3.0-or-later
#include "gridfake.h"
#include "ui/delegates/editorfactory.h"
#include "ui/models/rowroles.h"
#include "ui/panes/columnwidths.h"
#include "ui/panes/gridview.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QStyledItemDelegate>
#include <QTest>

#include <numeric>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

class Delegate final : public QStyledItemDelegate
{
public:
    Delegate(const EditorFactory &editors, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_editors(editors)
    {
    }
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        return m_editors.createEditor(parent, index);
    }
    void setEditorData(QWidget *editor, const QModelIndex &index) const override
    {
        m_editors.setEditorData(editor, index);
    }
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override
    {
        m_editors.setModelData(editor, model, index);
    }

private:
    const EditorFactory &m_editors;
};

/// The grid in a window of its own, with every page loaded.
class Window : public GridFake
{
public:
    explicit Window(qint64 rows = 100)
        : GridFake(rows)
        , editors(testMapping())
        , view(&model)
    {
        view.setItemDelegate(new Delegate(editors, &view));
        QObject::connect(&model, &RowsModel::editSubmitted, &view, [this](const Edit &edit) { sent.push_back(edit); });
        loadAll();
        view.resize(1000, 400);
        view.show();
        view.setFocus();
        QCoreApplication::processEvents();
    }
    void go(int row, int column) { view.setCurrentIndex(model.index(row, column)); }
    [[nodiscard]] QLineEdit *editor() const
    {
        for (auto *line : view.findChildren<QLineEdit *>()) {
            if (line->isVisible())
                return line;
        }
        return nullptr;
    }
    [[nodiscard]] QPoint place() const { return {view.currentIndex().row(), view.currentIndex().column()}; }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        QWidget *target = editor() ? static_cast<QWidget *>(editor()) : &view;
        QTest::keyClick(target, key, modifiers);
        QCoreApplication::processEvents();
    }
    void type(const QString &text)
    {
        for (const QChar character : text) {
            QWidget *target = editor() ? static_cast<QWidget *>(editor()) : &view;
            QTest::keyClick(target, character.toLatin1());
        }
    }

    EditorFactory editors;
    GridView view;
    std::vector<Edit> sent;
};

} // namespace

class TestGridView final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keysMoveTheCurrentCell_data();
    void keysMoveTheCurrentCell();
    void typingSendsOneEdit();
    void editorKeysCommitAndMove_data();
    void editorKeysCommitAndMove();
    void escapeKeepsTheOldValue();
    void anEditorThatWasOnlyLookedAtSendsNothing();
    void aWrongTextIsMarkedWhileTyped();
    void aSecretStartsEmpty();
    void choicesHaveACombo();
    void deleteSetsNullOrSaysWhy();
    void cellsThatCannotBeEditedSayWhy();
    void escapeGoesFromSelectionToSearch();
    void f6LeavesTheGrid();
    void copyIsTabSeparated();
    void copyRefusesWhatIsNotRead();
    void aLongTextIsNotCut();
    void aConflictIsNotOverwrittenByLooking();
    void liveRowsLeaveAnOpenEditorAlone();
    void rowsInsertedAboveDoNotMoveTheView();
    void theCurrentKeySurvivesAReset();
    void currentKeyIsTold();
    void widthsFillTheRoom();
    void rowsAskedForAreThoseInView();
};

void TestGridView::keysMoveTheCurrentCell_data()
{
    QTest::addColumn<QPoint>("from");
    QTest::addColumn<int>("key");
    QTest::addColumn<int>("modifiers");
    QTest::addColumn<QPoint>("to");
    const auto row = [](const char *tag, QPoint from, Qt::Key key, Qt::KeyboardModifiers modifiers, QPoint to) {
        QTest::newRow(tag) << from << int(key) << int(modifiers.toInt()) << to;
    };
    // Points are (row, column).
    row("down", {3, 2}, Qt::Key_Down, Qt::NoModifier, {4, 2});
    row("left", {3, 2}, Qt::Key_Left, Qt::NoModifier, {3, 1});
    row("home", {3, 2}, Qt::Key_Home, Qt::NoModifier, {3, 0});
    row("end", {3, 2}, Qt::Key_End, Qt::NoModifier, {3, 6});
    row("table start", {30, 2}, Qt::Key_Home, Qt::ControlModifier, {0, 0});
    row("table end", {3, 2}, Qt::Key_End, Qt::ControlModifier, {99, 6});
    row("enter", {3, 2}, Qt::Key_Return, Qt::NoModifier, {4, 2});
    row("shift enter", {3, 2}, Qt::Key_Return, Qt::ShiftModifier, {2, 2});
    row("keypad enter", {3, 2}, Qt::Key_Enter, Qt::KeypadModifier, {4, 2});
    row("enter at the end", {99, 2}, Qt::Key_Return, Qt::NoModifier, {99, 2});
    row("control enter is not ours", {3, 2}, Qt::Key_Return, Qt::ControlModifier, {3, 2});
    row("tab", {3, 2}, Qt::Key_Tab, Qt::NoModifier, {3, 3});
    row("tab at the end of a row", {3, 6}, Qt::Key_Tab, Qt::NoModifier, {4, 0});
    row("tab at the last cell", {99, 6}, Qt::Key_Tab, Qt::NoModifier, {99, 6});
    row("shift tab", {3, 2}, Qt::Key_Backtab, Qt::ShiftModifier, {3, 1});
    row("shift tab at the first cell", {0, 0}, Qt::Key_Backtab, Qt::ShiftModifier, {0, 0});
}

void TestGridView::keysMoveTheCurrentCell()
{
    QFETCH(const QPoint, from);
    QFETCH(const int, key);
    QFETCH(const int, modifiers);
    QFETCH(const QPoint, to);
    Window window;
    window.go(from.x(), from.y());
    window.key(static_cast<Qt::Key>(key), Qt::KeyboardModifiers::fromInt(modifiers));
    QCOMPARE(window.place(), to);
    QVERIFY(!window.editor());
}

void TestGridView::typingSendsOneEdit()
{
    Window window;
    window.go(2, 5);
    window.type(u"42"_s);
    QVERIFY(window.editor());
    QCOMPARE(window.editor()->text(), u"42"_s);
    window.key(Qt::Key_Return);
    QCOMPARE(window.sent.size(), size_t(1));
    QCOMPARE(window.sent.front().key.text, QByteArray("3"));
    QCOMPARE(window.sent.front().changes, (std::vector<FieldChange>{{4, "42"}}));
    QCOMPARE(window.model.index(2, 5).data().toString(), u"42"_s);
}

void TestGridView::editorKeysCommitAndMove_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<int>("modifiers");
    QTest::addColumn<QPoint>("to");
    QTest::newRow("enter") << int(Qt::Key_Return) << 0 << QPoint(4, 2);
    QTest::newRow("shift enter") << int(Qt::Key_Return) << int(Qt::ShiftModifier) << QPoint(2, 2);
    QTest::newRow("tab") << int(Qt::Key_Tab) << 0 << QPoint(3, 3);
    QTest::newRow("shift tab") << int(Qt::Key_Backtab) << int(Qt::ShiftModifier) << QPoint(3, 1);
}

void TestGridView::editorKeysCommitAndMove()
{
    QFETCH(const int, key);
    QFETCH(const int, modifiers);
    QFETCH(const QPoint, to);
    Window window;
    window.go(3, 2);
    window.key(Qt::Key_F2);
    QVERIFY(window.editor());
    window.editor()->selectAll();
    window.type(u"x"_s);
    window.key(static_cast<Qt::Key>(key), Qt::KeyboardModifiers::fromInt(modifiers));
    QVERIFY(!window.editor());
    QCOMPARE(window.place(), to);
    QCOMPARE(window.sent.size(), size_t(1));
    QCOMPARE(window.sent.front().changes, (std::vector<FieldChange>{{1, "x"}}));
}

void TestGridView::escapeKeepsTheOldValue()
{
    Window window;
    window.go(2, 5);
    window.type(u"42"_s);
    window.key(Qt::Key_Escape);
    QVERIFY(!window.editor());
    QVERIFY(window.sent.empty());
    QCOMPARE(window.model.index(2, 5).data().toString(), u"3"_s);
    QCOMPARE(window.place(), QPoint(2, 5));
}

void TestGridView::anEditorThatWasOnlyLookedAtSendsNothing()
{
    Window window;
    Row row = testRow(3, 2);
    row.values[1] = std::nullopt;
    window.model.applyRows({row});
    window.go(2, 2);
    window.key(Qt::Key_F2);
    window.key(Qt::Key_Return);
    QVERIFY(window.sent.empty());
    QVERIFY(window.model.index(2, 2).data(IsNullRole).toBool());
}

void TestGridView::aWrongTextIsMarkedWhileTyped()
{
    Window window;
    const QSignalSpy faults(&window.editors, &EditorFactory::faultTyped);
    window.go(2, 5);
    window.type(u"4x"_s);
    QCOMPARE(faults.size(), 1);
    QCOMPARE(faults.first().first().toString(), u"score must be a whole number up to 2147483647."_s);
    QVERIFY(window.editor()->font().underline());
    window.key(Qt::Key_Return);
    QVERIFY(window.sent.empty());
    QCOMPARE(window.model.index(2, 5).data().toString(), u"4x"_s);
    QCOMPARE(window.model.index(2, 5).data(CellStateRole).toInt(), int(CellState::Failed));
    window.go(3, 1);
    window.key(Qt::Key_F2);
    window.editor()->setText(QString(40, u'x'));
    QCOMPARE(window.editor()->text().size(), 40);
    window.key(Qt::Key_Escape);
}

void TestGridView::aSecretStartsEmpty()
{
    Window window;
    window.go(2, 3);
    window.key(Qt::Key_F2);
    QCOMPARE(window.editor()->text(), QString());
    QCOMPARE(window.editor()->echoMode(), QLineEdit::Password);
    window.key(Qt::Key_Return);
    QVERIFY(window.sent.empty());
    window.go(2, 3);
    window.type(u"new"_s);
    window.key(Qt::Key_Return);
    QCOMPARE(window.sent.size(), size_t(1));
    QCOMPARE(window.sent.front().changes.front().value, Value("new"));
}

void TestGridView::choicesHaveACombo()
{
    Mapping mapping = testMapping();
    mapping.fields[0].column.kind = ColumnKind::Boolean;
    mapping.fields[0].column.nullable = true;
    mapping.fields[1].column.kind = ColumnKind::Enumeration;
    mapping.fields[1].column.labels = {u"sad"_s, u"ok"_s};
    mapping.fields[1].column.nullable = false;
    RowsModel model(mapping);
    auto row = testRow(1);
    row.values[0] = std::nullopt;
    row.values[1] = "ok";
    TableFake table;
    table.rows[1] = row;
    model.setIndex(table.index(1));
    std::vector<Edit> sent;
    connect(&model, &RowsModel::editSubmitted, this, [&](const Edit &edit) { sent.push_back(edit); });
    const EditorFactory editors(mapping);
    const std::unique_ptr<QWidget> truth(editors.createEditor(nullptr, model.index(0, 1)));
    editors.setEditorData(truth.get(), model.index(0, 1));
    editors.setModelData(truth.get(), &model, model.index(0, 1));
    QVERIFY(sent.empty());
    truth->setProperty("currentIndex", 0);
    editors.setModelData(truth.get(), &model, model.index(0, 1));
    QCOMPARE(sent.back().changes, (std::vector<FieldChange>{{0, "true"}}));
    const std::unique_ptr<QWidget> mood(editors.createEditor(nullptr, model.index(0, 2)));
    editors.setEditorData(mood.get(), model.index(0, 2));
    QCOMPARE(mood->property("currentText").toString(), u"ok"_s);
    QCOMPARE(mood->property("count").toInt(), 2);
    QVERIFY(!editors.createEditor(nullptr, model.index(0, 0)));
    QVERIFY(!editors.createEditor(nullptr, model.index(0, 6)));
}

void TestGridView::deleteSetsNullOrSaysWhy()
{
    Window window;
    const QSignalSpy sentences(&window.view, &GridView::statusSentence);
    window.go(2, 2);
    window.key(Qt::Key_Delete);
    QCOMPARE(window.sent.size(), size_t(1));
    QCOMPARE(window.sent.back().changes.front().value, Value());
    window.go(3, 5);
    window.key(Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(window.sent.size(), size_t(2));
    window.go(4, 1);
    window.key(Qt::Key_Delete);
    QCOMPARE(window.sent.size(), size_t(2));
    QCOMPARE(sentences.last().first().toString(), u"username may not be NULL."_s);
    QCOMPARE(window.model.index(4, 1).data(CellStateRole).toInt(), int(CellState::None));
}

void TestGridView::cellsThatCannotBeEditedSayWhy()
{
    Window window;
    const QSignalSpy sentences(&window.view, &GridView::statusSentence);
    window.go(2, 0);
    window.key(Qt::Key_F2);
    QCOMPARE(sentences.last().first().toString(), u"id is the key of the row and cannot be edited."_s);
    window.go(2, 6);
    window.type(u"5"_s);
    QCOMPARE(sentences.last().first().toString(), u"total is computed by PostgreSQL and cannot be written."_s);
    window.model.setReadOnly(true);
    window.go(2, 2);
    window.key(Qt::Key_Delete);
    QCOMPARE(sentences.last().first().toString(), u"This connection is read-only."_s);
    QVERIFY(window.sent.empty());
}

void TestGridView::escapeGoesFromSelectionToSearch()
{
    Window window;
    const QSignalSpy cleared(&window.view, &GridView::searchCleared);
    window.go(2, 2);
    window.key(Qt::Key_Space, Qt::ShiftModifier);
    QCOMPARE(window.view.selectionModel()->selectedIndexes().size(), 7);
    window.key(Qt::Key_Escape);
    QCOMPARE(window.view.selectionModel()->selectedIndexes().size(), 1);
    QCOMPARE(cleared.size(), 0);
    window.key(Qt::Key_Escape);
    QCOMPARE(cleared.size(), 1);
}

void TestGridView::f6LeavesTheGrid()
{
    Window window;
    window.go(2, 2);
    QKeyEvent press(QEvent::KeyPress, Qt::Key_F6, Qt::NoModifier);
    QCoreApplication::sendEvent(&window.view, &press);
    QVERIFY(!press.isAccepted());
    QVERIFY(!window.editor());
}

void TestGridView::copyIsTabSeparated()
{
    Window window;
    auto *selection = window.view.selectionModel();
    selection->select(QItemSelection(window.model.index(1, 2), window.model.index(2, 3)),
                      QItemSelectionModel::ClearAndSelect);
    window.key(Qt::Key_C, Qt::ControlModifier);
    const QString text = QGuiApplication::clipboard()->text();
    QCOMPARE(text, u"2@example.org\t••••••••\n3@example.org\t••••••••"_s);
}

void TestGridView::copyRefusesWhatIsNotRead()
{
    Window window(2000);
    const QSignalSpy sentences(&window.view, &GridView::statusSentence);
    QGuiApplication::clipboard()->setText(u"before"_s);
    window.view.selectAll();
    window.view.copySelection();
    QCOMPARE(QGuiApplication::clipboard()->text(), u"before"_s);
    QVERIFY(sentences.last().first().toString().startsWith(u"Not copied: "_s));
}

void TestGridView::aLongTextIsNotCut()
{
    Window window;
    Row row = testRow(3, 2);
    row.values[1] = QByteArray(100000, 'x');
    window.model.applyRows({row});
    window.go(2, 2);
    window.key(Qt::Key_F2);
    QCOMPARE(window.editor()->text().size(), 100000);
    window.key(Qt::Key_End);
    window.type(u"y"_s);
    window.key(Qt::Key_Return);
    QCOMPARE(window.sent.front().changes.front().value, Value(QByteArray(100000, 'x') + 'y'));
}

void TestGridView::aConflictIsNotOverwrittenByLooking()
{
    Window window;
    window.go(2, 2);
    window.type(u"mine"_s);
    window.key(Qt::Key_Return);
    Outcome outcome;
    outcome.op = window.sent.back().op;
    outcome.key = {"3"};
    outcome.verdict = Verdict::Conflict;
    outcome.row = testRow(3, 9);
    window.model.applyOutcome(outcome);
    window.go(2, 2);
    window.key(Qt::Key_F2);
    QCOMPARE(window.editor()->text(), u"mine"_s);
    window.key(Qt::Key_Return);
    QCOMPARE(window.sent.size(), size_t(1));
    QCOMPARE(window.model.index(2, 2).data(CellStateRole).toInt(), int(CellState::Conflict));
}

void TestGridView::liveRowsLeaveAnOpenEditorAlone()
{
    Window window(300);
    window.view.verticalScrollBar()->setValue(50);
    window.go(55, 1);
    window.key(Qt::Key_F2);
    auto *editor = window.editor();
    QVERIFY(editor);
    editor->selectAll();
    window.type(u"half"_s);
    const auto selected = window.view.selectionModel()->selectedIndexes();
    const int top = window.view.rowAt(0);
    for (int version = 2; version < 30; ++version) {
        std::vector<Row> rows;
        for (int key = 1; key <= 300; ++key) {
            rows.push_back(testRow(key, version));
            rows.back().values[0] = "v" + QByteArray::number(version);
            rows.back().values[4] = QByteArray::number(version);
        }
        window.model.applyRows(rows);
        window.model.advance();
        QCoreApplication::processEvents();
    }
    QCOMPARE(window.editor(), editor);
    QCOMPARE(editor->text(), u"half"_s);
    QCOMPARE(window.view.selectionModel()->selectedIndexes(), selected);
    QCOMPARE(window.view.rowAt(0), top);
    window.key(Qt::Key_Return);
    QCOMPARE(window.sent.size(), size_t(1));
    QCOMPARE(window.sent.front().base, RowVersion{1}); // the cell changed underneath: the store will say so
}

void TestGridView::rowsInsertedAboveDoNotMoveTheView()
{
    Window window(300);
    window.view.verticalScrollBar()->setValue(100);
    window.go(105, 1);
    const auto top = window.keyAt(window.view.rowAt(0));
    const auto current = window.view.currentKey();
    for (const int key : {-1, -2, -3}) {
        window.table.rows[key] = testRow(key);
        window.model.insertRow(testRow(key));
    }
    window.model.removeRow({"50"});
    window.table.rows.erase(50);
    QCoreApplication::processEvents();
    QCOMPARE(window.keyAt(window.view.rowAt(0)), top);
    QCOMPARE(window.view.currentKey(), current);
    window.table.rows.erase(7);
    window.renew();
    QCoreApplication::processEvents();
    window.answer();
    QCoreApplication::processEvents();
    QCOMPARE(window.view.currentKey(), current);
    QCOMPARE(window.model.keyAt(window.view.currentIndex().row()), current);
    QCOMPARE(window.keyAt(window.view.rowAt(0)), top);
}

void TestGridView::theCurrentKeySurvivesAReset()
{
    Window window;
    window.go(15, 2);
    auto index = window.table.index(++window.generation, 10);
    index.filter.contains = u"user"_s;
    window.model.setIndex(index);
    window.load(15);
    QCOMPARE(window.view.currentKey(), RowKey{"16"});
    QCOMPARE(window.place(), QPoint(15, 2));
}

void TestGridView::currentKeyIsTold()
{
    Window window;
    QList<QByteArray> told;
    connect(&window.view, &GridView::currentKeyChanged, this,
            [&](const std::optional<RowKey> &key) { told.append(key ? key->text : QByteArray("none")); });
    window.go(3, 1);
    window.go(3, 2);
    window.go(4, 2);
    window.model.removeRow({"5"});
    window.view.goToKey({"80"});
    QCOMPARE(told.first(), QByteArray("4"));
    QCOMPARE(told.at(1), QByteArray("5"));
    QCOMPARE(told.last(), QByteArray("80"));
    QVERIFY(!told.contains("none"));
}

void TestGridView::widthsFillTheRoom()
{
    const ColumnWidths widths(testMapping(), 8.0);
    const auto natural = widths.natural();
    const int sum = std::accumulate(natural.begin(), natural.end(), 0);
    const auto filled = widths.filling(sum + 100);
    QCOMPARE(filled[2], natural[2] + 60); // email is the widest text
    QCOMPARE(filled[1], natural[1] + 40); // username the first
    QCOMPARE(filled[0], natural[0]);
    QCOMPARE(widths.filling(sum - 100), natural);
}

void TestGridView::rowsAskedForAreThoseInView()
{
    Window window(5000);
    window.renew();
    QCoreApplication::processEvents();
    window.answer();
    window.view.verticalScrollBar()->setValue(3000);
    window.view.viewport()->repaint();
    QCoreApplication::processEvents();
    QVERIFY(!window.wanted.empty());
    for (const auto &request : window.wanted) {
        QVERIFY(request.page >= 299);
        QVERIFY(request.page <= 303);
    }
    QCOMPARE(window.view.verticalHeader()->defaultSectionSize(), window.view.fontMetrics().height() + 6);
}

QTEST_MAIN(TestGridView)
#include "tst_gridview.moc"
