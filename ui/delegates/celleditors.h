// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QModelIndex>

class QAbstractItemModel;
class QStyleOptionViewItem;
class QWidget;

namespace throughline {

/// Who makes, fills and reads the editors of cells: CellDelegate only paints.
class CellEditors
{
public:
    virtual ~CellEditors() = default;

    /// Nothing when the cell cannot be edited.
    virtual QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) = 0;
    virtual void setEditorData(QWidget *editor, const QModelIndex &index) = 0;
    virtual void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) = 0;
};

} // namespace throughline
