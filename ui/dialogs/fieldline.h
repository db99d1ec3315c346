// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/columninfo.h"
#include "domain/value.h"

#include <QObject>

#include <optional>

class QCheckBox;
class QGridLayout;
class QLineEdit;

namespace throughline {

class ElidingLabel;

/// One field of RowDialog: name, editor, NULL, and under it what is wrong with the value. A QObject that owns nothing
/// but its wiring; the widgets belong to the dialog.
class FieldLine final : public QObject
{
    Q_OBJECT

public:
    FieldLine(const ColumnInfo &column, bool secret, QGridLayout *grid, QWidget *dialog);

    [[nodiscard]] const ColumnInfo &column() const noexcept { return m_column; }
    /// False while the user has left the field to the table's default.
    [[nodiscard]] bool isSet() const;
    [[nodiscard]] Value value() const;
    /// Why the value cannot be sent, as far as the catalog tells.
    [[nodiscard]] std::optional<QString> problem() const;
    void showError(const QString &sentence);
    void focus();

private:
    [[nodiscard]] QString placeholder() const;
    void onTextEdited();
    void onNullToggled(bool null);

    ColumnInfo m_column;
    QLineEdit *m_edit;
    QCheckBox *m_null = nullptr;
    ElidingLabel *m_error;
    bool m_touched = false;
};

} // namespace throughline
