// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/gridlook.h"

#include "ui/delegates/celldelegate.h"
#include "ui/delegates/cellpainter.h"
#include "ui/delegates/columnheader.h"
#include "ui/delegates/rowmarkheader.h"

#include <QCoreApplication>
#include <QTableView>

#include <algorithm>
#include <numeric>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int lockWidth = 19;

// Measured with Noto Sans at 9.75 pt, where ten zeros are 74 px wide.
int scaled(int pixels, const QFontMetrics &metrics)
{
    return pixels * metrics.horizontalAdvance(u"0000000000"_s) / 74;
}

int usualWidth(const ColumnInfo &column)
{
    switch (column.kind) {
    case ColumnKind::Boolean:
        return 72;
    case ColumnKind::Integer:
    case ColumnKind::Numeric:
    case ColumnKind::Float:
        return 88;
    case ColumnKind::Date:
        return 112;
    case ColumnKind::Time:
        return 100;
    case ColumnKind::Timestamp:
        return 144;
    case ColumnKind::TimestampTz:
        return 168;
    case ColumnKind::Uuid:
        return 272;
    case ColumnKind::Enumeration:
        return 104;
    case ColumnKind::Text:
    case ColumnKind::Other:
        break;
    }
    if (column.name.contains("mail"_L1, Qt::CaseInsensitive))
        return 186;
    return column.unique ? 136 : 92;
}

int widthOf(const ColumnInfo &column, bool secret, const QFontMetrics &metrics)
{
    const int title = metrics.horizontalAdvance(column.name) * 11 / 10 + 2 * CellPainter::padding; // demi-bold is wider
    return qMax(scaled(usualWidth(column), metrics), title + (secret ? lockWidth : 0));
}

bool isText(const Field &field)
{
    return field.column.kind == ColumnKind::Text && !field.secret;
}

void shareSpareRoom(std::vector<int> &widths, const Mapping &mapping, int spare)
{
    int widest = -1;
    int first = -1;
    for (size_t i = 0; i < mapping.fields.size(); ++i) {
        if (!isText(mapping.fields[i]))
            continue;
        const int column = int(i) + 1;
        if (first < 0)
            first = column;
        if (widest < 0 || widths[size_t(column)] > widths[size_t(widest)])
            widest = column;
    }
    if (widest < 0)
        return;
    widths[size_t(widest)] += spare * 6 / 10;
    widths[size_t(first)] += spare - spare * 6 / 10;
}

QSet<int> columnsWhere(const Mapping &mapping, auto matches)
{
    QSet<int> columns;
    for (size_t i = 0; i < mapping.fields.size(); ++i)
        if (matches(mapping.fields[i]))
            columns.insert(int(i) + 1);
    return columns;
}

} // namespace

std::vector<int> columnWidths(const Mapping &mapping, const QFontMetrics &metrics, int available)
{
    std::vector<int> widths;
    widths.push_back(
        qMax(scaled(72, metrics), metrics.horizontalAdvance(mapping.key.name) + 2 * CellPainter::padding + lockWidth));
    for (const Field &field : mapping.fields)
        widths.push_back(widthOf(field.column, field.secret, metrics));
    const int spare = available - std::accumulate(widths.begin(), widths.end(), 0);
    if (spare > 0)
        shareSpareRoom(widths, mapping, spare);
    return widths;
}

void giveGridLook(QTableView &view, const Mapping &mapping, CellDelegate &delegate)
{
    auto *columns = new ColumnHeader(&view);
    columns->setKeyColumn(0);
    columns->setSecretColumns(columnsWhere(mapping, [](const Field &field) { return field.secret; }));
    view.setHorizontalHeader(columns);
    view.setVerticalHeader(new RowMarkHeader(&view));
    delegate.setQuietColumns(columnsWhere(mapping, [](const Field &field) {
        return field.column.kind == ColumnKind::Timestamp || field.column.kind == ColumnKind::TimestampTz;
    }));
    view.setItemDelegate(&delegate);
    view.setShowGrid(false);
    view.setAlternatingRowColors(false);
    view.setFrameShape(QFrame::NoFrame);
    view.setWordWrap(false);
    view.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view.setCornerButtonEnabled(false);
    view.setAccessibleName(QCoreApplication::translate("gridlook", "%1 table").arg(mapping.table));
}

} // namespace throughline
