// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/activitydelegate.h"

#include "ui/delegates/cellpainter.h"
#include "ui/icons.h"
#include "ui/models/activitymodel.h"
#include "ui/valuedrawing.h"

#include <QAbstractItemView>
#include <QPainter>

namespace throughline {

namespace {

constexpr int signSize = 13;
constexpr int signGap = 6;
constexpr int currentMark = 2;

bool isCurrentRow(const QStyleOptionViewItem &option, const QModelIndex &index)
{
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    return view && view->hasFocus() && view->currentIndex().row() == index.row();
}

QColor inkOf(const QModelIndex &index, const Colours &colours)
{
    const auto result = static_cast<CellState>(index.data(ActivityModel::ResultRole).toInt());
    switch (index.column()) {
    case ActivityModel::ResultColumn:
        return colours.ink(toneOf(result));
    case ActivityModel::TimeColumn:
    case ActivityModel::OriginColumn:
    case ActivityModel::TookColumn:
        return colours.text2;
    default:
        return colours.text;
    }
}

} // namespace

void ActivityDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Colours &colours = coloursFor(option.palette);
    const QRect &rect = option.rect;
    painter->fillRect(rect, option.state.testFlag(QStyle::State_Selected) ? colours.selection : colours.base);
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colours.line);
    if (isCurrentRow(option, index)) {
        painter->fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), colours.accent);
        painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colours.accent);
        if (index.column() == 0)
            painter->fillRect(QRect(rect.topLeft(), QSize(currentMark, rect.height())), colours.accent);
    }
    QRect content = rect.adjusted(CellPainter::padding, 0, -CellPainter::padding, -1);
    const QColor ink = inkOf(index, colours);
    if (index.column() == ActivityModel::ResultColumn) {
        const auto result = static_cast<CellState>(index.data(ActivityModel::ResultRole).toInt());
        paintSign(*painter, QRect(content.left(), content.top(), signSize, content.height()), signOf(result), ink,
                  signSize);
        content.setLeft(content.left() + signSize + signGap);
    }
    const QString text = drawing::singleLine(index.data().toString());
    const bool right = index.column() == ActivityModel::TookColumn;
    painter->setFont(option.font);
    painter->setPen(ink);
    painter->drawText(content, (right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter | Qt::TextSingleLine,
                      option.fontMetrics.elidedText(text, Qt::ElideRight, content.width()));
}

QSize ActivityDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    return {option.fontMetrics.horizontalAdvance(index.data().toString()) + 2 * CellPainter::padding,
            option.fontMetrics.height() + CellPainter::extraHeight - 1};
}

} // namespace throughline
