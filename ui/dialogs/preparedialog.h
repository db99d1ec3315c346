// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace throughline {

/// Asks before the program changes the user's database: says why, and shows the exact statements.
class PrepareDialog final : public QDialog
{
    Q_OBJECT

public:
    /// `table` like "public.users", `database` like "shop at db1.example.net"; `createsTable` when it does not exist
    /// yet.
    PrepareDialog(const QString &table, const QString &database, const QString &sql, bool createsTable,
                  QWidget *parent = nullptr);

private:
    [[nodiscard]] static QString reason(const QString &table, const QString &database, bool createsTable);
    [[nodiscard]] QWidget *makeSqlView(const QString &sql);
    [[nodiscard]] QWidget *makeButtons(const QString &sql);
};

} // namespace throughline
