// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QStringList>

namespace throughline {

/// Asks before rows are deleted. The default is to keep them.
class DeleteDialog final : public QDialog
{
    Q_OBJECT

public:
    /// `table` is the word for the rows ("users"), `keys` the rows that would go.
    DeleteDialog(const QString &table, const QStringList &keys, QWidget *parent = nullptr);

    [[nodiscard]] static QString question(const QString &table, qsizetype count);
    [[nodiscard]] static QString consequence(const QStringList &keys);
};

} // namespace throughline
