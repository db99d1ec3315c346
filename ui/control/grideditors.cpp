// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/control/grideditors.h"

namespace throughline {

GridEditors::GridEditors(const Mapping &mapping)
    : m_factory(mapping)
{
}

QWidget *GridEditors::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index)
{
    return m_factory.createEditor(parent, index);
}

void GridEditors::setEditorData(QWidget *editor, const QModelIndex &index)
{
    m_factory.setEditorData(editor, index);
}

void GridEditors::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index)
{
    m_factory.setModelData(editor, model, index);
}

} // namespace throughline
