// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/columnheader.h"

#include "ui/delegates/cellpainter.h"
#include "ui/icons.h"
#include "ui/palettes.h"

#include <QPainter>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int extraHeight = 10;
constexpr int markSize = 13;
constexpr int iconGap = 6;
constexpr int arrowSize = 8;
constexpr int divider = 16;

} // namespace

ColumnHeader::ColumnHeader(QWidget *parent)
    : QHeaderView(Qt::Horizontal, parent)
{
    setAccessibleName(tr("Columns"));
    setHighlightSections(false);
    setSectionsClickable(true);
    setSectionsMovable(false);
    setStretchLastSection(false);
    setMinimumSectionSize(40);
}

void ColumnHeader::setKeyColumn(int column)
{
    m_keyColumn = column;
    viewport()->update();
}

void ColumnHeader::setSecretColumns(const QSet<int> &columns)
{
    m_secretColumns = columns;
    viewport()->update();
}

QSize ColumnHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), fontMetrics().height() + extraHeight};
}

int ColumnHeader::neededWidth(int column) const
{
    const bool hasIcon = column == m_keyColumn || m_secretColumns.contains(column);
    return QFontMetrics(titleFont()).horizontalAdvance(titleOf(column)) + 2 * CellPainter::padding +
           (hasIcon ? markSize + iconGap : 0);
}

void ColumnHeader::paintEvent(QPaintEvent *event)
{
    {
        QPainter painter(viewport());
        const Colours &colours = coloursFor(palette());
        painter.fillRect(viewport()->rect(), colours.panel);
        painter.fillRect(QRect(0, viewport()->height() - 1, viewport()->width(), 1), colours.line);
    }
    QHeaderView::paintEvent(event);
}

void ColumnHeader::paintSection(QPainter *painter, const QRect &rect, int column) const
{
    const Colours &colours = coloursFor(palette());
    painter->fillRect(rect, colours.panel);
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colours.line);
    painter->fillRect(QRect(rect.right(), rect.center().y() - divider / 2, 1, divider), colours.line);
    const bool sorted = isSortIndicatorShown() && sortIndicatorSection() == column;
    QRect inner = rect.adjusted(CellPainter::padding, 0, -CellPainter::padding, 0);
    if (sorted) {
        paintSortArrow(*painter, QRect(inner.right() - arrowSize + 1, inner.y(), arrowSize, inner.height()));
        inner.setRight(inner.right() - arrowSize - 4);
    }
    if (m_secretColumns.contains(column)) {
        paintSign(*painter, QRect(inner.right() - markSize + 1, inner.y(), markSize, inner.height()), "masked"_L1,
                  colours.text2, markSize);
        inner.setRight(inner.right() - markSize - iconGap);
    }
    const QFont font = titleFont();
    const QFontMetrics metrics(font);
    const QString shown = metrics.elidedText(titleOf(column), Qt::ElideRight, inner.width());
    const bool right = isRightAligned(column);
    if (column == m_keyColumn) {
        const int width = metrics.horizontalAdvance(shown);
        const int x = right ? inner.right() - width - iconGap - markSize + 1 : inner.left() + width + iconGap;
        if (x >= rect.left())
            paintSign(*painter, QRect(x, inner.y(), markSize, inner.height()), "key"_L1, colours.text2, markSize);
    }
    painter->setFont(font);
    painter->setPen(sorted ? colours.text : colours.text2);
    painter->drawText(inner, (right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter | Qt::TextSingleLine, shown);
}

QSize ColumnHeader::sectionSizeFromContents(int column) const
{
    return {neededWidth(column), fontMetrics().height() + extraHeight};
}

QString ColumnHeader::titleOf(int column) const
{
    return model() ? model()->headerData(column, Qt::Horizontal).toString() : QString();
}

bool ColumnHeader::isRightAligned(int column) const
{
    const QVariant alignment = model()->headerData(column, Qt::Horizontal, Qt::TextAlignmentRole);
    return alignment.isValid() && (alignment.toInt() & Qt::AlignRight);
}

QFont ColumnHeader::titleFont() const
{
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    return bold;
}

void ColumnHeader::paintSortArrow(QPainter &painter, const QRect &rect) const
{
    const bool up = sortIndicatorOrder() == Qt::AscendingOrder;
    const double middle = rect.center().y() + 0.5;
    const double tip = up ? middle - 2.5 : middle + 2.5;
    const double foot = up ? middle + 2 : middle - 2;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(coloursFor(palette()).accent);
    painter.drawPolygon(QPolygonF{{double(rect.left()), foot}, {rect.left() + 8.0, foot}, {rect.left() + 4.0, tip}});
    painter.restore();
}

} // namespace throughline
