// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/rowdialog.h"

#include "ui/dialogs/dialogparts.h"
#include "ui/dialogs/fieldline.h"
#include "ui/throughlinestyle.h"
#include "ui/widgets/paragraph.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int widthOfForm = 480;
constexpr int mostLinesWithoutScrolling = 14;

} // namespace

RowDialog::RowDialog(const Mapping &mapping, const QString &title, QWidget *parent)
    : QDialog(parent)
    , m_mapping(mapping)
    , m_sentence(new Paragraph(Tone::Failed, this))
{
    setWindowTitle(title);
    auto *column = new QVBoxLayout(this);
    dialogs::giveMargins(column);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(4);
    addLines(grid);
    if (mapping.fields.size() > mostLinesWithoutScrolling) {
        auto *form = new QWidget(this);
        form->setLayout(grid);
        auto *area = new QScrollArea(this);
        area->setWidget(form);
        area->setWidgetResizable(true);
        column->addWidget(area, 1);
    } else {
        column->addLayout(grid);
        column->addStretch(1);
    }
    m_sentence->setObjectName(u"sentence"_s);
    m_sentence->hide();
    column->addWidget(m_sentence);
    column->addSpacing(dialogs::groupGap - 8);
    column->addWidget(makeButtons());
    setMinimumWidth(widthOfForm);
}

RowDialog::~RowDialog() = default;

void RowDialog::showFieldError(const QString &column, const QString &sentence)
{
    setWaiting(false);
    if (m_key && m_key->column().name == column) {
        m_key->showError(sentence);
        return m_key->focus();
    }
    for (const auto &[index, line] : m_lines) {
        if (line->column().name == column) {
            line->showError(sentence);
            return line->focus();
        }
    }
    showError(sentence);
}

void RowDialog::showError(const QString &sentence)
{
    setWaiting(false);
    showSentence(sentence, Tone::Failed);
}

void RowDialog::showUnknown(const QString &sentence)
{
    setWaiting(true);
    m_cancel->setText(tr("Close"));
    showSentence(sentence, Tone::Differs);
}

void RowDialog::showSentence(const QString &sentence, Tone tone)
{
    m_sentence->setTone(tone);
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
    resize(width(), std::max(height(), layout()->totalHeightForWidth(width())));
}

void RowDialog::addLines(QGridLayout *grid)
{
    if (m_mapping.keyDefault.isEmpty() && !m_mapping.key.hasDefault && !m_mapping.key.generated)
        m_key = new FieldLine(m_mapping.key, false, grid, this);
    for (size_t i = 0; i < m_mapping.fields.size(); ++i) {
        const Field &field = m_mapping.fields[i];
        if (field.editable())
            m_lines.emplace_back(int(i), new FieldLine(field.column, field.secret, grid, this));
    }
}

QWidget *RowDialog::makeButtons()
{
    auto *buttons = new QDialogButtonBox(this);
    m_cancel = buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    m_add = buttons->addButton(tr("Add"), QDialogButtonBox::AcceptRole);
    m_add->setObjectName(u"add"_s);
    setButtonRank(m_add, ButtonRank::Primary);
    m_add->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &RowDialog::submit);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    return buttons;
}

void RowDialog::submit()
{
    showError({});
    if (!checkLines())
        return;
    std::vector<FieldChange> changes;
    for (const auto &[index, line] : m_lines)
        if (line->isSet())
            changes.push_back({index, line->value()});
    setWaiting(true);
    Q_EMIT submitted(m_key && m_key->value() ? RowKey{*m_key->value()} : RowKey{}, changes);
}

bool RowDialog::checkLines()
{
    FieldLine *first = nullptr;
    const auto check = [&first](FieldLine *line) {
        const std::optional<QString> problem = line->problem();
        line->showError(problem.value_or(QString()));
        if (problem && !first)
            first = line;
    };
    if (m_key)
        check(m_key);
    for (const auto &[index, line] : m_lines)
        check(line);
    if (first)
        first->focus();
    return !first;
}

void RowDialog::setWaiting(bool waiting)
{
    m_add->setEnabled(!waiting);
    m_add->setText(waiting ? tr("Adding\u2026") : tr("Add"));
    m_cancel->setText(tr("Cancel"));
}

} // namespace throughline
