// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/celldelegate.h"

#include "ui/delegates/celleditors.h"
#include "ui/delegates/cellpainter.h"

#include <QLineEdit>

namespace throughline {

namespace {

constexpr int lineEditMargin = 2; ///< QLineEdit's own, between its edge and the text

} // namespace

CellDelegate::CellDelegate(CellEditors *editors, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_editors(editors)
{
}

void CellDelegate::setQuietColumns(const QSet<int> &columns)
{
    m_quietColumns = columns;
}

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    CellPainter(*painter, option, index, m_quietColumns.contains(index.column())).paint();
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int text = option.fontMetrics.horizontalAdvance(index.data().toString());
    return {text + 2 * CellPainter::padding, option.fontMetrics.height() + CellPainter::extraHeight};
}

QWidget *CellDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    return m_editors ? m_editors->createEditor(parent, option, index) : nullptr;
}

void CellDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    if (m_editors)
        m_editors->setEditorData(editor, index);
}

void CellDelegate::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const
{
    if (m_editors)
        m_editors->setModelData(editor, model, index);
}

void CellDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option, const QModelIndex &) const
{
    // Inside the ring of the current cell, and with its text where the cell's text was.
    const int inset = CellPainter::ring;
    editor->setGeometry(option.rect.adjusted(inset, inset, -inset, -inset));
    if (auto *line = qobject_cast<QLineEdit *>(editor)) {
        const int margin = CellPainter::padding - inset - lineEditMargin;
        line->setTextMargins(margin, 0, margin, 0);
    }
}

} // namespace throughline
