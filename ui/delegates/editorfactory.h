// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"

#include <QObject>

class QAbstractItemModel;
class QComboBox;
class QModelIndex;
class QWidget;

namespace throughline {

/// Makes the editors of the grid's cells by the types of their columns. Column 0 is the key, then come the mapping's
/// fields. A value goes to the model as a QString, NULL as a null QVariant.
class EditorFactory final : public QObject
{
    Q_OBJECT

public:
    explicit EditorFactory(const Mapping &mapping, QObject *parent = nullptr);

    /// Null for a column that has no editor.
    [[nodiscard]] QWidget *createEditor(QWidget *parent, const QModelIndex &index) const;
    void setEditorData(QWidget *editor, const QModelIndex &index) const;
    /// Leaves the model alone when nothing was typed.
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const;

Q_SIGNALS:
    /// What is typed just now cannot be sent, and why; empty when it can.
    void faultTyped(const QString &sentence) const;

private:
    [[nodiscard]] const Field *fieldOf(const QModelIndex &index) const;
    [[nodiscard]] QComboBox *createCombo(QWidget *parent, const ColumnInfo &column) const;

    std::vector<Field> m_fields;
};

} // namespace throughline
