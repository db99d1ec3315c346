// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/celllineedit.h"

#include "domain/validation.h"

#include <limits>

namespace throughline {

CellLineEdit::CellLineEdit(const ColumnInfo &column, bool secret, QWidget *parent)
    : QLineEdit(parent)
    , m_column(column)
    , m_secret(secret)
{
    setFrame(false);
    // The default would cut a long value when the editor is filled, and the cut text would be written.
    setMaxLength(std::numeric_limits<int>::max());
    setAccessibleName(column.name);
    const bool number =
        column.kind == ColumnKind::Integer || column.kind == ColumnKind::Numeric || column.kind == ColumnKind::Float;
    setAlignment(number ? Qt::AlignRight : Qt::AlignLeft);
    if (secret)
        setEchoMode(QLineEdit::Password);
    connect(this, &QLineEdit::textEdited, this, &CellLineEdit::check);
}

void CellLineEdit::check(const QString &text)
{
    const QByteArray typed = normalised(m_column, text);
    QString fault = validate(m_column, typed).value_or(QString());
    if (m_secret && !typed.isEmpty())
        fault.replace(QString::fromUtf8(typed), QString(8, u'•'));
    if (fault == m_fault)
        return;
    m_fault = fault;
    mark(!fault.isEmpty());
    Q_EMIT faultChanged(fault);
}

void CellLineEdit::mark(bool faulty)
{
    QFont marked = font();
    marked.setUnderline(faulty);
    setFont(marked);
    setToolTip(m_fault);
    setAccessibleDescription(m_fault);
}

} // namespace throughline
