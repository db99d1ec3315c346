// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/editorfactory.h"

#include "ui/delegates/celllineedit.h"
#include "ui/models/cellstate.h"
#include "ui/models/rowroles.h"

#include <QAbstractItemModel>
#include <QComboBox>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

/// A text that failed may be sent again as it is. One in conflict may not: that would overwrite somebody's write
/// although the person only looked at the cell.
bool isNewAttempt(const QModelIndex &index)
{
    return index.data(CellStateRole).toInt() == static_cast<int>(CellState::Failed) &&
           !index.data(Qt::EditRole).isNull();
}

} // namespace

EditorFactory::EditorFactory(const Mapping &mapping, QObject *parent)
    : QObject(parent)
    , m_fields(mapping.fields)
{
}

const Field *EditorFactory::fieldOf(const QModelIndex &index) const
{
    const auto field = static_cast<size_t>(index.column()) - 1;
    return index.column() > 0 && field < m_fields.size() ? &m_fields[field] : nullptr;
}

QWidget *EditorFactory::createEditor(QWidget *parent, const QModelIndex &index) const
{
    const Field *field = fieldOf(index);
    if (!field || !field->editable())
        return nullptr;
    const bool choice = field->column.kind == ColumnKind::Boolean || field->column.kind == ColumnKind::Enumeration;
    if (choice && !field->secret)
        return createCombo(parent, field->column);
    auto *editor = new CellLineEdit(field->column, field->secret, parent);
    connect(editor, &CellLineEdit::faultChanged, this, &EditorFactory::faultTyped);
    return editor;
}

QComboBox *EditorFactory::createCombo(QWidget *parent, const ColumnInfo &column) const
{
    auto *combo = new QComboBox(parent);
    combo->setFrame(false);
    combo->setAccessibleName(column.name);
    const QStringList choices = column.kind == ColumnKind::Boolean ? QStringList{u"true"_s, u"false"_s} : column.labels;
    for (const auto &choice : choices)
        combo->addItem(choice, choice);
    if (column.nullable)
        combo->addItem(tr("NULL"));
    return combo;
}

void EditorFactory::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    const QVariant value = index.data(Qt::EditRole);
    if (auto *combo = qobject_cast<QComboBox *>(editor)) {
        // A label that the catalog has no more is kept as a choice, so that opening the editor changes nothing.
        if (!value.isNull() && combo->findData(value) < 0)
            combo->addItem(value.toString(), value);
        combo->setCurrentIndex(value.isNull() ? combo->findData(QVariant()) : combo->findData(value));
    } else if (auto *line = qobject_cast<CellLineEdit *>(editor)) {
        const Field *field = fieldOf(index);
        line->setText(field && field->secret ? QString() : value.toString());
        line->setModified(false);
        line->selectAll();
    }
}

void EditorFactory::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const
{
    if (const auto *combo = qobject_cast<QComboBox *>(editor)) {
        const bool chosen = combo->currentIndex() >= 0 && combo->currentData() != index.data(Qt::EditRole);
        if (chosen || isNewAttempt(index))
            model->setData(index, combo->currentData(), Qt::EditRole);
        return;
    }
    const auto *line = qobject_cast<CellLineEdit *>(editor);
    const Field *field = fieldOf(index);
    if (!line || !field || (field->secret && line->text().isEmpty()))
        return;
    if (line->isModified() || isNewAttempt(index))
        model->setData(index, line->text(), Qt::EditRole);
}

} // namespace throughline
