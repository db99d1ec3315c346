// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/gridview.h"

#include "ui/models/rowroles.h"
#include "ui/models/rowsmodel.h"
#include "ui/panes/columnwidths.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>
#include <map>

namespace throughline {

using namespace Qt::StringLiterals;

GridView::GridView(RowsModel *model, QWidget *parent)
    : QTableView(parent)
    , m_model(model)
{
    setObjectName(u"grid"_s);
    const QString table = model->mapping().table;
    setAccessibleName(tr("%1 table").arg(table.left(1).toUpper() + table.mid(1)));
    setShowGrid(false);
    setAlternatingRowColors(false);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    setVerticalScrollMode(ScrollPerItem);
    setHorizontalScrollMode(ScrollPerPixel);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(DoubleClicked | EditKeyPressed | AnyKeyPressed);
    setModel(model);
    listenToColumnHeader();
    for (const auto signal : {&QAbstractItemModel::rowsAboutToBeInserted, &QAbstractItemModel::rowsAboutToBeRemoved})
        connect(model, signal, this, &GridView::rememberTop);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(model, signal, this, &GridView::restoreTop);
    connect(model, &QAbstractItemModel::layoutAboutToBeChanged, this, &GridView::rememberTop);
    connect(model, &QAbstractItemModel::layoutChanged, this, &GridView::restoreTop);
    applyMetrics();
}

void GridView::setRowHeader(QHeaderView *header)
{
    setVerticalHeader(header);
    applyMetrics();
}

void GridView::setColumnHeader(QHeaderView *header)
{
    setHorizontalHeader(header);
    listenToColumnHeader();
    applyWidths();
}

void GridView::goToKey(const RowKey &key)
{
    m_wantedKey = key;
    followKey();
}

bool GridView::edit(const QModelIndex &index, EditTrigger trigger, QEvent *event)
{
    const bool asked = trigger & (DoubleClicked | EditKeyPressed | AnyKeyPressed);
    if (asked && index.isValid() && !(index.flags() & Qt::ItemIsEditable)) {
        Q_EMIT statusSentence(whyNotEditable(index));
        return false;
    }
    const bool wasEditing = state() == EditingState;
    const bool done = QTableView::edit(index, trigger, event);
    if (!wasEditing && state() == EditingState) {
        m_model->beginEdit(index);
        if (auto *editor = indexWidget(index))
            editor->installEventFilter(this);
    }
    return done;
}

QString GridView::whyNotEditable(const QModelIndex &index) const
{
    const QString name = m_model->headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString();
    if (index.column() == 0)
        return tr("%1 is the key of the row and cannot be edited.").arg(name);
    if (!index.data(LoadedRole).toBool())
        return tr("The row is still being read.");
    if (!m_model->mapping().fields.at(static_cast<size_t>(index.column() - 1)).editable())
        return tr("%1 is computed by PostgreSQL and cannot be written.").arg(name);
    return tr("This connection is read-only.");
}

bool GridView::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress)
        m_upwards = static_cast<QKeyEvent *>(event)->modifiers().testFlag(Qt::ShiftModifier);
    return QTableView::eventFilter(watched, event);
}

void GridView::closeEditor(QWidget *editor, QAbstractItemDelegate::EndEditHint hint)
{
    // The view's own way would open the next cell's editor; here Tab and Enter only go there.
    QTableView::closeEditor(editor,
                            hint == QAbstractItemDelegate::RevertModelCache ? hint : QAbstractItemDelegate::NoHint);
    m_model->endEdit();
    switch (hint) {
    case QAbstractItemDelegate::SubmitModelCache:
        return moveBy(m_upwards ? -1 : 1, 0);
    case QAbstractItemDelegate::EditNextItem:
        return setCurrentIndex(moveCursor(MoveNext, Qt::NoModifier));
    case QAbstractItemDelegate::EditPreviousItem:
        return setCurrentIndex(moveCursor(MovePrevious, Qt::NoModifier));
    default:
        break;
    }
}

void GridView::reset()
{
    const auto key = m_currentKey;
    QTableView::reset();
    m_model->endEdit();
    m_wantedKey = key;
    followKey();
}

void GridView::keyPressEvent(QKeyEvent *event)
{
    if (state() != EditingState && handleKey(*event)) {
        event->accept();
        return;
    }
    if (event->key() == Qt::Key_F6 || event->key() == Qt::Key_Escape) {
        event->ignore();
        return;
    }
    QTableView::keyPressEvent(event);
}

bool GridView::handleKey(const QKeyEvent &event)
{
    const auto modifiers = event.modifiers() & ~Qt::KeypadModifier;
    const bool plain = modifiers == Qt::NoModifier;
    const bool shift = modifiers == Qt::ShiftModifier;
    switch (event.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (plain || shift)
            moveBy(shift ? -1 : 1, 0);
        return plain || shift;
    case Qt::Key_Delete:
        if (plain)
            setCurrentNull();
        return plain;
    case Qt::Key_0:
        if (modifiers == Qt::ControlModifier)
            setCurrentNull();
        return modifiers == Qt::ControlModifier;
    case Qt::Key_C:
        if (modifiers == Qt::ControlModifier)
            copySelection();
        return modifiers == Qt::ControlModifier;
    case Qt::Key_Space:
        if (shift)
            selectRow(currentIndex().row());
        return shift;
    case Qt::Key_Escape:
        if (plain)
            leaveStepByStep();
        return plain;
    default:
        return false;
    }
}

void GridView::leaveStepByStep()
{
    const auto selected = selectionModel()->selection();
    const bool many =
        selected.size() > 1 || (selected.size() == 1 && selected.first().height() * selected.first().width() > 1);
    if (many)
        selectionModel()->select(currentIndex(), QItemSelectionModel::ClearAndSelect);
    else
        Q_EMIT searchCleared();
}

QModelIndex GridView::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    const auto current = currentIndex();
    if (!current.isValid() || (action != MoveNext && action != MovePrevious))
        return QTableView::moveCursor(action, modifiers);
    // Through the columns as they are shown, on to the neighbouring row, but not around the table's ends.
    const auto *header = horizontalHeader();
    const int step = action == MoveNext ? 1 : -1;
    int row = current.row();
    int place = header->visualIndex(current.column());
    do {
        place += step;
        if (place < 0 || place >= header->count()) {
            row += step;
            place = step > 0 ? 0 : header->count() - 1;
        }
        if (row < 0 || row >= m_model->rowCount())
            return current;
    } while (header->isSectionHidden(header->logicalIndex(place)));
    return m_model->index(row, header->logicalIndex(place));
}

void GridView::moveBy(int rows, int columns)
{
    const auto current = currentIndex();
    const auto next = current.sibling(current.row() + rows, current.column() + columns);
    if (next.isValid())
        setCurrentIndex(next);
}

void GridView::setCurrentNull()
{
    const auto current = currentIndex();
    if (!current.isValid())
        return;
    if (!(current.flags() & Qt::ItemIsEditable)) {
        Q_EMIT statusSentence(whyNotEditable(current));
        return;
    }
    const auto &column = m_model->mapping().fields.at(static_cast<size_t>(current.column() - 1)).column;
    if (!column.nullable)
        Q_EMIT statusSentence(tr("%1 may not be NULL.").arg(column.name));
    else
        m_model->setData(current, QVariant(), Qt::EditRole);
}

QString GridView::selectionAsText() const
{
    auto indexes = selectionModel()->selectedIndexes();
    if (indexes.isEmpty() && currentIndex().isValid())
        indexes = {currentIndex()};
    std::map<int, std::map<int, QString>> lines;
    std::map<int, bool> columns;
    for (const auto &index : std::as_const(indexes)) {
        QString text = index.data(index.data(IsSecretRole).toBool() ? Qt::DisplayRole : Qt::EditRole).toString();
        // A tab or a line break inside a value would become a cell of its own.
        text.replace(u'\t', u' ').replace(u"\r\n"_s, u" "_s).replace(u'\n', u' ');
        lines[index.row()][horizontalHeader()->visualIndex(index.column())] = text;
        columns[horizontalHeader()->visualIndex(index.column())] = true;
    }
    QStringList rows;
    for (auto &[row, cells] : lines) {
        QStringList texts;
        for (const auto &[column, used] : columns)
            texts.append(cells[column]);
        rows.append(texts.join(u'\t'));
    }
    return rows.join(u'\n');
}

int GridView::unreadSelectedRows() const
{
    int unread = 0;
    const auto selection = selectionModel()->selection();
    for (const auto &range : selection) {
        // More rows than are loaded: no need to look at each of a million.
        if (range.height() > m_model->loadedRows())
            return range.height() - static_cast<int>(m_model->loadedRows());
        for (int row = range.top(); row <= range.bottom(); ++row)
            unread += m_model->keyAt(row) ? 0 : 1;
    }
    return unread;
}

void GridView::copySelection()
{
    if (const int unread = unreadSelectedRows(); unread > 0) {
        Q_EMIT statusSentence(tr("Not copied: some of the selected rows are not read yet (%1).").arg(unread));
        return;
    }
    QGuiApplication::clipboard()->setText(selectionAsText());
}

void GridView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    if (current.isValid()) {
        m_wantedKey.reset();
        m_column = current.column();
    }
    tellKey();
}

void GridView::dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles)
{
    QTableView::dataChanged(topLeft, bottomRight, roles);
    followKey();
    tellKey();
}

void GridView::followKey()
{
    const auto row = m_wantedKey ? m_model->rowOf(*m_wantedKey) : std::nullopt;
    if (!row)
        return;
    m_wantedKey.reset();
    setCurrentIndex(m_model->index(*row, m_column));
}

void GridView::tellKey()
{
    const auto key = m_model->keyAt(currentIndex().row());
    // A row that is only not loaded yet is still the same row.
    if (key == m_currentKey || (!key && currentIndex().isValid()))
        return;
    m_currentKey = key;
    Q_EMIT currentKeyChanged(key);
}

void GridView::rememberTop()
{
    m_top = m_model->index(rowAt(0), 0);
}

void GridView::restoreTop()
{
    tellKey();
    if (!m_top.isValid() || m_top.row() == rowAt(0))
        return;
    updateGeometries();
    verticalScrollBar()->setValue(verticalHeader()->visualIndex(m_top.row()));
}

void GridView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    applyWidths();
}

void GridView::paintEvent(QPaintEvent *event)
{
    const int last = rowAt(viewport()->height() - 1);
    m_model->setVisibleRows(std::max(0, rowAt(0)), last < 0 ? m_model->rowCount() - 1 : last);
    QTableView::paintEvent(event);
}

void GridView::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        applyMetrics();
}

void GridView::listenToColumnHeader()
{
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setResizeContentsPrecision(0); // only the rows in view are there to be measured
    connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this] { m_ownWidths = m_ownWidths || !m_sizing; });
}

void GridView::applyMetrics()
{
    auto *rows = verticalHeader();
    // Fixed: to ask a million rows for their heights would take minutes.
    rows->setSectionResizeMode(QHeaderView::Fixed);
    rows->setMinimumSectionSize(1);
    rows->setDefaultSectionSize(fontMetrics().height() + 6);
    applyWidths();
}

void GridView::applyWidths()
{
    if (m_ownWidths)
        return;
    m_sizing = true;
    const ColumnWidths widths(m_model->mapping(), fontMetrics());
    const auto pixels = widths.filling(viewport()->width());
    for (int column = 0; column < static_cast<int>(pixels.size()); ++column)
        setColumnWidth(column, pixels[static_cast<size_t>(column)]);
    m_sizing = false;
}

} // namespace throughline
