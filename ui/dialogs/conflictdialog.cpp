// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/conflictdialog.h"

#include "ui/dialogs/dialogparts.h"
#include "ui/throughlinestyle.h"
#include "ui/widgets/valuelabel.h"

#include <QDialogButtonBox>
#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace throughline {

namespace {

constexpr int columnGap = 20;
constexpr int leastValueWidth = 150;

} // namespace

ConflictDialog::ConflictDialog(const Mapping &mapping, const QString &row, const std::vector<ConflictField> &fields,
                               QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Write mine"));
    auto *column = new QVBoxLayout(this);
    dialogs::giveMargins(column);
    column->addWidget(dialogs::title(tr("Write your values over those of someone else?"), this));
    column->addWidget(dialogs::paragraph(tr("%1 was changed while you were editing. Writing yours replaces what stands "
                                            "in the table now; fields that you did not touch keep their new values.")
                                             .arg(row),
                                         this));
    column->addSpacing(4);
    column->addWidget(makeTable(mapping, fields));
    column->addStretch(1);
    column->addSpacing(dialogs::groupGap);
    column->addWidget(makeButtons());
}

QWidget *ConflictDialog::makeTable(const Mapping &mapping, const std::vector<ConflictField> &fields)
{
    auto *table = new QFrame(this);
    table->setFrameShape(QFrame::StyledPanel);
    table->setBackgroundRole(QPalette::Base);
    table->setAutoFillBackground(true);
    auto *grid = new QGridLayout(table);
    grid->setContentsMargins(10, 8, 10, 8);
    grid->setHorizontalSpacing(columnGap);
    grid->setVerticalSpacing(6);
    const QStringList titles{QString(), tr("When you began"), tr("Yours"), tr("In the table now")};
    for (int i = 1; i < titles.size(); ++i) {
        auto *heading = new ElidingLabel(Tone::Text2, table);
        heading->setBold(true);
        heading->setText(titles[i]);
        grid->addWidget(heading, 0, i);
        grid->setColumnMinimumWidth(i, leastValueWidth);
        grid->setColumnStretch(i, 1);
    }
    int line = 1;
    for (const ConflictField &conflict : fields) {
        const Field &field = mapping.fields[size_t(conflict.field)];
        auto *name = new ElidingLabel(Tone::Text2, table);
        name->setElides(false);
        name->setText(field.column.name);
        grid->addWidget(name, line, 0);
        grid->addWidget(new ValueLabel(conflict.base, field.secret, Tone::Text2, table), line, 1);
        grid->addWidget(new ValueLabel(conflict.mine, field.secret, Tone::Conflict, table), line, 2);
        grid->addWidget(new ValueLabel(conflict.theirs, field.secret, Tone::Text, table), line, 3);
        ++line;
    }
    return table;
}

QWidget *ConflictDialog::makeButtons()
{
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *cancel = buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    QPushButton *write = buttons->addButton(tr("Write mine"), QDialogButtonBox::AcceptRole);
    setButtonRank(write, ButtonRank::Primary);
    write->setAutoDefault(false);
    cancel->setDefault(true);
    cancel->setFocus();
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    return buttons;
}

} // namespace throughline
