// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/activitytable.h"

#include "ui/delegates/activitydelegate.h"
#include "ui/delegates/columnheader.h"
#include "ui/icons.h"
#include "ui/models/activitymodel.h"
#include "ui/models/activitywords.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>

#include <algorithm>
#include <array>
#include <utility>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int rowPadding = 5;
constexpr int cellPadding = 20;
constexpr int wideTable = 1100;

/// Widths by what stands in the columns; the reason takes what is left.
constexpr std::array<std::pair<int, const char *>, 6> samples{{
    {ActivityModel::TimeColumn, "0000-00-00 00:00"},
    {ActivityModel::OriginColumn, "Redis client, by ano"},
    {ActivityModel::RowColumn, "users:0000000"},
    {ActivityModel::WorkColumn, "drop from cache"},
    {ActivityModel::ResultColumn, "cache pending000"},
    {ActivityModel::TookColumn, "000,000"},
}};

} // namespace

ActivityTable::ActivityTable(ActivityModel *model, QWidget *parent)
    : QTableView(parent)
    , m_model(model)
{
    setAccessibleName(tr("Activity"));
    setModel(model);
    setItemDelegate(new ActivityDelegate(this));
    setHorizontalHeader(new ColumnHeader(this));
    horizontalHeader()->setSectionResizeMode(ActivityModel::ReasonColumn, QHeaderView::Stretch);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    setSelectionBehavior(SelectRows);
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerItem);
    setHorizontalScrollMode(ScrollPerPixel);
    setShowGrid(false);
    setFrameShape(NoFrame);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    applyMetrics();
    connect(model, &QAbstractItemModel::rowsAboutToBeInserted, this, &ActivityTable::rememberTop);
    connect(this, &QTableView::doubleClicked, this,
            [this](const QModelIndex &index) { Q_EMIT lineChosen(index.row()); });
}

QString ActivityTable::selectionAsText() const
{
    QStringList lines;
    QModelIndexList selected = selectionModel()->selectedRows();
    if (selected.isEmpty()) {
        for (int row = 0; row < m_model->rowCount(); ++row)
            lines << m_model->textOf(row);
        return lines.join(u'\n');
    }
    std::sort(selected.begin(), selected.end());
    for (const QModelIndex &index : selected)
        lines << m_model->textOf(index.row());
    return lines.join(u'\n');
}

void ActivityTable::copy() const
{
    if (const QString text = selectionAsText(); !text.isEmpty())
        QApplication::clipboard()->setText(text);
}

bool ActivityTable::event(QEvent *event)
{
    // The window has these keys for the grid; here they are the list's own.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Copy) || key->matches(QKeySequence::SelectAll)) {
            event->accept();
            return true;
        }
    }
    return QTableView::event(event);
}

void ActivityTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        return copy();
    if (event->key() == Qt::Key_Escape)
        return leaveStepByStep();
    const bool enters = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enters && !(event->modifiers() & ~Qt::KeypadModifier) && currentIndex().isValid()) {
        Q_EMIT lineChosen(currentIndex().row());
        return;
    }
    if (event->key() == Qt::Key_F6) {
        event->ignore();
        return;
    }
    QTableView::keyPressEvent(event);
}

void ActivityTable::leaveStepByStep()
{
    if (selectionModel()->hasSelection())
        clearSelection();
    else
        Q_EMIT left();
}

void ActivityTable::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(icon("copy"_L1), tr("&Copy"), this, &ActivityTable::copy)->setEnabled(m_model->rowCount() > 0);
    const int row = indexAt(event->pos()).row();
    if (row >= 0) {
        // By index: lines may come while the menu is open.
        const QPersistentModelIndex line = m_model->index(row, 0);
        menu->addAction(icon("grid"_L1), tr("&Go to the row"), this, [this, line] {
            if (line.isValid())
                Q_EMIT lineChosen(line.row());
        });
    }
    menu->popup(event->globalPos());
}

void ActivityTable::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        applyMetrics();
}

void ActivityTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    const bool wide = viewport()->width() >= wideTable;
    if (std::exchange(m_wide, wide) != wide)
        applyMetrics();
}

void ActivityTable::rowsInserted(const QModelIndex &parent, int first, int last)
{
    QTableView::rowsInserted(parent, first, last);
    if (m_top.isValid())
        scrollTo(m_top, PositionAtTop);
    m_top = QPersistentModelIndex();
}

void ActivityTable::rememberTop()
{
    const int top = verticalScrollBar()->value();
    m_top = top > 0 ? m_model->index(top, 0) : QModelIndex();
}

void ActivityTable::applyMetrics()
{
    verticalHeader()->setMinimumSectionSize(fontMetrics().height() + rowPadding);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + rowPadding);
    for (const auto &[column, text] : samples)
        setColumnWidth(column, fontMetrics().horizontalAdvance(QLatin1StringView(text)) + cellPadding);
    if (m_wide)
        setColumnWidth(ActivityModel::OriginColumn,
                       fontMetrics().horizontalAdvance(activitywords::origin(ActivityOrigin::Gateway)) + cellPadding);
}

} // namespace throughline
