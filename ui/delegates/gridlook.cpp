// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/gridlook.h"

#include "ui/delegates/celldelegate.h"
#include "ui/delegates/columnheader.h"
#include "ui/delegates/rowmarkheader.h"
#include "ui/panes/gridview.h"

#include <QTableView>

namespace throughline {

namespace {

QSet<int> columnsWhere(const Mapping &mapping, auto matches)
{
    QSet<int> columns;
    for (size_t i = 0; i < mapping.fields.size(); ++i)
        if (matches(mapping.fields[i]))
            columns.insert(int(i) + 1);
    return columns;
}

} // namespace

void giveGridLook(QTableView &view, const Mapping &mapping, CellDelegate &delegate)
{
    auto *columns = new ColumnHeader(&view);
    columns->setKeyColumn(0);
    columns->setSecretColumns(columnsWhere(mapping, [](const Field &field) { return field.secret; }));
    // The grid listens to its header, for widths that the person sets.
    if (auto *grid = qobject_cast<GridView *>(&view))
        grid->setColumnHeader(columns);
    else
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
}

} // namespace throughline
