// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QStyledItemDelegate>

namespace throughline {

class CellEditors;
struct Colours;

/// Paints a cell of the grid from the roles in ui/models/rowroles.h: state tint, underline and sign, NULL pill,
/// bullets, search matches, current row, focus ring. Knows no model type.
class CellDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// `editors` is not owned and may be null: a grid that cannot be edited.
    explicit CellDelegate(CellEditors *editors = nullptr, QObject *parent = nullptr);

    /// Columns whose values stand back (timestamps).
    void setQuietColumns(const QSet<int> &columns);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override;
    void updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                              const QModelIndex &index) const override;

private:
    CellEditors *m_editors;
    QSet<int> m_quietColumns;
};

} // namespace throughline
