// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/preparedialog.h"

#include "ui/dialogs/dialogparts.h"
#include "ui/icons.h"
#include "ui/throughlinestyle.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace throughline {

using namespace Qt::StringLiterals;

PrepareDialog::PrepareDialog(const QString &table, const QString &database, const QString &sql, bool createsTable,
                             QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Prepare table"));
    auto *column = new QVBoxLayout(this);
    dialogs::giveMargins(column);
    column->addWidget(
        dialogs::title(createsTable ? tr("Create and prepare %1?").arg(table) : tr("Prepare %1?").arg(table), this));
    column->addWidget(dialogs::paragraph(reason(table, database, createsTable), this));
    column->addWidget(makeSqlView(sql), 1);
    column->addSpacing(dialogs::groupGap - 8);
    column->addWidget(makeButtons(sql));
    resize(680, 460);
}

QString PrepareDialog::reason(const QString &table, const QString &database, bool createsTable)
{
    const QString need = tr("To keep %1 and the cache in step, each row needs a version and each change has to be "
                            "noted until the cache has it. These statements run once in %2, in one transaction.")
                             .arg(table, database);
    return createsTable ? tr("%1 does not exist yet. %2").arg(table, need)
                        : tr("%1 No row's values are changed.").arg(need);
}

QWidget *PrepareDialog::makeSqlView(const QString &sql)
{
    auto *view = new QPlainTextEdit(sql, this);
    view->setReadOnly(true);
    view->setTabChangesFocus(true);
    view->setLineWrapMode(QPlainTextEdit::NoWrap);
    view->setAccessibleName(tr("SQL statements"));
    QFont monospace = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    monospace.setPointSizeF(font().pointSizeF());
    view->setFont(monospace);
    return view;
}

QWidget *PrepareDialog::makeButtons(const QString &sql)
{
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *copy = buttons->addButton(tr("Copy SQL"), QDialogButtonBox::ActionRole);
    copy->setIcon(icon("copy"_L1));
    QPushButton *cancel = buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    QPushButton *prepare = buttons->addButton(tr("Prepare table"), QDialogButtonBox::AcceptRole);
    setButtonRank(prepare, ButtonRank::Primary);
    copy->setAutoDefault(false);
    prepare->setAutoDefault(false);
    cancel->setDefault(true);
    cancel->setFocus();
    connect(copy, &QPushButton::clicked, this, [sql] { QGuiApplication::clipboard()->setText(sql); });
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    return buttons;
}

} // namespace throughline
