// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/rowmarkheader.h"

#include "ui/delegates/cellpainter.h"
#include "ui/icons.h"
#include "ui/models/rowroles.h"
#include "ui/palettes.h"

#include <QPainter>

namespace throughline {

namespace {

constexpr int markWidth = 28;
constexpr int currentBar = 3;
constexpr int signSize = 14;

CellState rowState(const QAbstractItemModel *model, int row)
{
    const QVariant value = model ? model->index(row, 0).data(RowStateRole) : QVariant();
    return value.isValid() ? static_cast<CellState>(value.toInt()) : CellState::None;
}

} // namespace

RowMarkHeader::RowMarkHeader(QWidget *parent)
    : QHeaderView(Qt::Vertical, parent)
{
    setAccessibleName(tr("Row marks"));
    setSectionResizeMode(QHeaderView::Fixed);
    setHighlightSections(false);
    setSectionsClickable(true);
    setMinimumSectionSize(1);
    setDefaultSectionSize(fontMetrics().height() + CellPainter::extraHeight);
}

void RowMarkHeader::setModel(QAbstractItemModel *newModel)
{
    if (model())
        disconnect(model(), &QAbstractItemModel::dataChanged, this, &RowMarkHeader::onDataChanged);
    QHeaderView::setModel(newModel);
    // A header listens to header data only; our marks come from the rows.
    if (newModel)
        connect(newModel, &QAbstractItemModel::dataChanged, this, &RowMarkHeader::onDataChanged);
}

QSize RowMarkHeader::sizeHint() const
{
    return {markWidth, QHeaderView::sizeHint().height()};
}

void RowMarkHeader::paintEvent(QPaintEvent *event)
{
    {
        QPainter painter(viewport());
        const Colours &colours = coloursFor(palette());
        painter.fillRect(viewport()->rect(), colours.panel);
        painter.fillRect(QRect(viewport()->width() - 1, 0, 1, viewport()->height()), colours.line);
    }
    QHeaderView::paintEvent(event);
}

void RowMarkHeader::paintSection(QPainter *painter, const QRect &rect, int row) const
{
    const Colours &colours = coloursFor(palette());
    const CellState state = rowState(model(), row);
    const QLatin1StringView sign = signOf(state);
    const bool marked = !sign.isEmpty() && state != CellState::Saved;
    const auto [ink, tint] = colours.state(state);
    const bool solid = asksToAct(state);
    painter->fillRect(rect, marked ? (solid ? ink : tint) : colours.panel);
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colours.line);
    painter->fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), colours.line);
    if (marked)
        paintSign(*painter, rect, sign, solid ? colours.base : ink, signSize);
    if (selectionModel() && selectionModel()->currentIndex().row() == row)
        painter->fillRect(QRect(rect.left(), rect.top(), currentBar, rect.height()), colours.accent);
}

QSize RowMarkHeader::sectionSizeFromContents(int) const
{
    return {markWidth, defaultSectionSize()};
}

void RowMarkHeader::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QHeaderView::currentChanged(current, previous);
    if (current.row() == previous.row())
        return;
    viewport()->update();
    // The view repaints the two cells only; the shade of the current row spans all columns.
    if (auto *view = qobject_cast<QAbstractItemView *>(parentWidget()))
        view->viewport()->update();
}

void RowMarkHeader::onDataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles)
{
    if (!roles.isEmpty() && !roles.contains(RowStateRole) && !roles.contains(CellStateRole))
        return;
    const int top = sectionViewportPosition(topLeft.row());
    const int bottom = sectionViewportPosition(bottomRight.row()) + sectionSize(bottomRight.row());
    viewport()->update(0, top, viewport()->width(), bottom - top);
}

} // namespace throughline
