// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/fieldline.h"

#include "domain/validation.h"
#include "ui/widgets/elidinglabel.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLineEdit>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr double smaller = -0.5;
constexpr int leastEditorWidth = 260;

QString exampleFor(const ColumnInfo &column)
{
    switch (column.kind) {
    case ColumnKind::Date:
        return u"1981-02-28"_s;
    case ColumnKind::Time:
        return u"14:03:22"_s;
    case ColumnKind::Timestamp:
        return u"2024-06-21 08:01:37"_s;
    case ColumnKind::TimestampTz:
        return u"2024-06-21 08:01:37+00"_s;
    case ColumnKind::Boolean:
        return FieldLine::tr("true or false");
    case ColumnKind::Enumeration:
        return column.labels.join(", "_L1);
    default:
        return {};
    }
}

} // namespace

FieldLine::FieldLine(const ColumnInfo &column, bool secret, QGridLayout *grid, QWidget *dialog)
    : QObject(dialog)
    , m_column(column)
    , m_edit(new QLineEdit(dialog))
    , m_error(new ElidingLabel(Tone::Failed, dialog))
{
    auto *name = new ElidingLabel(Tone::Text2, dialog);
    name->setElides(false);
    name->setText(column.name);
    name->setToolTip(column.typeName);
    m_edit->setMinimumWidth(leastEditorWidth);
    m_edit->setAccessibleName(column.name);
    m_edit->setObjectName(column.name);
    m_error->setPointDelta(smaller);
    m_error->hide();
    if (secret)
        m_edit->setEchoMode(QLineEdit::Password);
    const int row = grid->rowCount();
    grid->addWidget(name, row, 0);
    grid->addWidget(m_edit, row, 1);
    grid->addWidget(m_error, row + 1, 1, 1, 2);
    if (column.nullable && !column.hasDefault) {
        m_null = new QCheckBox(tr("NULL"), dialog);
        m_null->setAccessibleName(tr("%1 is NULL").arg(column.name));
        m_null->setChecked(true);
        grid->addWidget(m_null, row, 2);
        connect(m_null, &QCheckBox::toggled, this, &FieldLine::onNullToggled);
    }
    m_edit->setPlaceholderText(placeholder());
    connect(m_edit, &QLineEdit::textEdited, this, &FieldLine::onTextEdited);
}

bool FieldLine::isSet() const
{
    return m_touched || !m_column.hasDefault;
}

Value FieldLine::value() const
{
    if (!isSet() || (m_null && m_null->isChecked()))
        return std::nullopt;
    return normalised(m_column, m_edit->text());
}

std::optional<QString> FieldLine::problem() const
{
    return isSet() ? validate(m_column, value()) : std::nullopt;
}

void FieldLine::showError(const QString &sentence)
{
    m_error->setText(sentence);
    m_error->setVisible(!sentence.isEmpty());
    m_edit->setAccessibleDescription(sentence);
}

void FieldLine::focus()
{
    m_edit->setFocus(Qt::OtherFocusReason);
    m_edit->selectAll();
}

QString FieldLine::placeholder() const
{
    if (m_column.hasDefault && !m_touched)
        return tr("set by the table");
    return exampleFor(m_column);
}

void FieldLine::onTextEdited()
{
    // An emptied field of a column with a default goes back to the default; elsewhere it is an empty text.
    m_touched = !(m_column.hasDefault && m_edit->text().isEmpty());
    showError({});
    m_edit->setPlaceholderText(placeholder());
    if (m_null && m_null->isChecked()) {
        const QSignalBlocker quiet(m_null);
        m_null->setChecked(false);
    }
}

void FieldLine::onNullToggled(bool null)
{
    m_touched = true;
    showError({});
    if (null)
        m_edit->clear();
    else
        m_edit->setFocus(Qt::OtherFocusReason);
}

} // namespace throughline
