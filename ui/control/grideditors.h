// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/delegates/celleditors.h"
#include "ui/delegates/editorfactory.h"

namespace throughline {

/// Joins the delegate, which only paints, with the factory that makes the editors.
class GridEditors final : public CellEditors
{
public:
    explicit GridEditors(const Mapping &mapping);

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) override;
    void setEditorData(QWidget *editor, const QModelIndex &index) override;
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) override;

    [[nodiscard]] const EditorFactory &factory() const noexcept { return m_factory; }

private:
    EditorFactory m_factory;
};

} // namespace throughline
