// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/deletedialog.h"

#include "ui/dialogs/dialogparts.h"
#include "ui/formats.h"
#include "ui/throughlinestyle.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostKeysNamed = 10;

} // namespace

DeleteDialog::DeleteDialog(const QString &table, const QStringList &keys, QWidget *parent)
    : QDialog(parent)
{
    const QString asked = question(table, keys.size());
    setWindowTitle(tr("Delete"));
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *keep = buttons->addButton(tr("Keep"), QDialogButtonBox::RejectRole);
    const QString verb =
        keys.size() == 1 ? tr("Delete row") : tr("Delete %1 %2").arg(formats::count(keys.size()), table);
    QPushButton *remove = buttons->addButton(verb, QDialogButtonBox::AcceptRole);
    remove->setObjectName(u"deleteButton"_s);
    remove->setAutoDefault(false);
    keep->setDefault(true);
    keep->setFocus();
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *column = new QVBoxLayout(this);
    dialogs::giveMargins(column);
    column->addWidget(dialogs::title(asked, this));
    column->addWidget(dialogs::paragraph(consequence(keys), this));
    column->addSpacing(dialogs::groupGap);
    column->addWidget(buttons);
}

QString DeleteDialog::question(const QString &table, qsizetype count)
{
    return count == 1 ? tr("Delete this row of %1?").arg(table) : tr("Delete %1 %2?").arg(formats::count(count), table);
}

QString DeleteDialog::consequence(const QStringList &keys)
{
    if (keys.size() == 1)
        return tr("Id %1. It leaves PostgreSQL and the cache.").arg(keys.first());
    QString named = keys.first(qMin(mostKeysNamed, keys.size())).join(", "_L1);
    if (keys.size() > mostKeysNamed)
        named = tr("%1 and %2 more").arg(named, formats::count(keys.size() - mostKeysNamed));
    return tr("Ids %1. They leave PostgreSQL and the cache.").arg(named);
}

} // namespace throughline
