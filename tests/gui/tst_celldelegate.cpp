// SPDX-License-Identifier: GPL-3.0-or-later
#include "samples.h"

#include "ui/delegates/celldelegate.h"
#include "ui/delegates/celleditors.h"
#include "ui/delegates/gridlook.h"
#include "ui/models/cellstate.h"
#include "ui/models/rowroles.h"
#include "ui/palettes.h"

#include <QApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QTableView>
#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

class FakeEditors final : public CellEditors
{
public:
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &) override
    {
        return new QLineEdit(parent);
    }
    void setEditorData(QWidget *editor, const QModelIndex &) override
    {
        qobject_cast<QLineEdit *>(editor)->setText(u"from the model"_s);
    }
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) override
    {
        model->setData(index, qobject_cast<QLineEdit *>(editor)->text());
    }
};

} // namespace

class CellDelegateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void stateTintsAndUnderlinesTheCell_data();
    void stateTintsAndUnderlinesTheCell();
    void currentCellHasARing();
    void currentRowIsShadedFromEdgeToEdge();
    void matchesAreMarked();
    void marksAreSolidOnlyWhereTheUserMustAct();
    void secretIsNotDrawnAsText();
    void editorsComeFromTheirOwner();

private:
    [[nodiscard]] QImage grabbed() { return m_view->grab().toImage(); }
    /// A spot of the cell that no text reaches.
    [[nodiscard]] QPoint corner(int row, int column, int dx, int dy) const;

    Mapping m_mapping = samples::usersMapping();
    std::unique_ptr<QStandardItemModel> m_model;
    FakeEditors m_editors;
    std::unique_ptr<CellDelegate> m_delegate;
    std::unique_ptr<QTableView> m_view;
};

void CellDelegateTest::init()
{
    QApplication::setPalette(paletteOf(lightColours()));
    m_model = samples::gridModel(m_mapping);
    m_view.reset();
    m_delegate = std::make_unique<CellDelegate>(&m_editors);
    m_view = std::make_unique<QTableView>();
    giveGridLook(*m_view, m_mapping, *m_delegate);
    m_view->setModel(m_model.get());
    m_view->resize(1280, 500);
    m_view->show();
}

QPoint CellDelegateTest::corner(int row, int column, int dx, int dy) const
{
    const QRect rect = m_view->visualRect(m_model->index(row, column));
    const QPoint base(dx < 0 ? rect.right() + 1 + dx : rect.left() + dx,
                      dy < 0 ? rect.bottom() + 1 + dy : rect.top() + dy);
    return m_view->viewport()->mapTo(m_view.get(), base);
}

void CellDelegateTest::stateTintsAndUnderlinesTheCell_data()
{
    QTest::addColumn<CellState>("state");
    for (int state = 0; state < int(CellState::OtherSpelling); ++state)
        QTest::addRow("state %d", state) << CellState(state);
}

void CellDelegateTest::stateTintsAndUnderlinesTheCell()
{
    QFETCH(CellState, state);
    m_model->item(20, 3)->setData(int(state), CellStateRole);
    m_view->scrollTo(m_model->index(20, 3));
    const InkAndTint pair = lightColours().state(state);
    const QImage image = grabbed();
    QCOMPARE(image.pixelColor(corner(20, 3, 3, 3)), pair.tint);
    QCOMPARE(image.pixelColor(corner(20, 3, 3, -1)), pair.ink);
    QCOMPARE(image.pixelColor(corner(20, 3, 3, -2)), pair.ink);
    QCOMPARE(image.pixelColor(corner(20, 4, 3, -1)), lightColours().line);
}

void CellDelegateTest::currentCellHasARing()
{
    m_view->setCurrentIndex(m_model->index(2, 3));
    const QImage image = grabbed();
    const QColor ring = image.pixelColor(corner(2, 3, 0, 0));
    QVERIFY(ring == lightColours().accent || ring == lightColours().control); // by whether the view has the focus
    QCOMPARE(image.pixelColor(corner(2, 3, 1, 1)), ring);
    QCOMPARE(image.pixelColor(corner(2, 3, -1, -1)), ring);
    QCOMPARE(image.pixelColor(corner(2, 3, 3, 3)), lightColours().currentRow);
}

void CellDelegateTest::currentRowIsShadedFromEdgeToEdge()
{
    m_view->setCurrentIndex(m_model->index(2, 3));
    QCOMPARE(grabbed().pixelColor(corner(2, 8, 3, 3)), lightColours().currentRow);
    m_view->setCurrentIndex(m_model->index(4, 3));
    QCOMPARE(grabbed().pixelColor(corner(2, 8, 3, 3)), lightColours().base);
}

void CellDelegateTest::matchesAreMarked()
{
    m_model->item(0, 1)->setData(u"FUL"_s, SearchTextRole);
    const QImage image = grabbed();
    const QRect cell(corner(0, 1, 0, 0), corner(0, 1, -1, -1));
    int marked = 0;
    for (int x = cell.left(); x < cell.right(); ++x)
        marked += image.pixelColor(x, cell.top() + 4) == lightColours().searchMatch;
    const int expected = m_view->fontMetrics().horizontalAdvance(u"ful"_s);
    QVERIFY2(qAbs(marked - expected) <= 2, qPrintable(QString::number(marked)));
}

void CellDelegateTest::marksAreSolidOnlyWhereTheUserMustAct()
{
    const QImage image = grabbed();
    const auto mark = [&](int row) { return image.pixelColor(QPoint(6, corner(row, 0, 0, 3).y())); };
    const Colours &colours = lightColours();
    QCOMPARE(m_view->verticalHeader()->accessibleName(), u"Row marks"_s);
    QCOMPARE(m_view->verticalHeader()->width(), 28);
    QCOMPARE(mark(6), colours.failed.ink);
    QCOMPARE(mark(7), colours.conflict.ink);
    QCOMPARE(mark(1), colours.differs.tint);
    QCOMPARE(mark(4), colours.pending.tint);
    QCOMPARE(mark(3), colours.panel); // saved: no mark
}

void CellDelegateTest::secretIsNotDrawnAsText()
{
    const QImage before = grabbed().copy(QRect(corner(0, 3, 0, 0), corner(0, 3, -1, -1)));
    m_model->item(0, 3)->setText(u"another and much longer secret"_s);
    QCOMPARE(grabbed().copy(QRect(corner(0, 3, 0, 0), corner(0, 3, -1, -1))), before);
}

void CellDelegateTest::editorsComeFromTheirOwner()
{
    const QModelIndex index = m_model->index(0, 1);
    m_view->setCurrentIndex(index);
    m_view->edit(index);
    auto *editor = m_view->viewport()->findChild<QLineEdit *>();
    QVERIFY(editor);
    QCOMPARE(editor->text(), u"from the model"_s);
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(index.data().toString(), u"from the model"_s);
}

QTEST_MAIN(CellDelegateTest)
#include "tst_celldelegate.moc"
