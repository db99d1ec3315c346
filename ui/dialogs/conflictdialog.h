// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "domain/value.h"

#include <QDialog>

#include <vector>

namespace throughline {

/// One field of a conflict: what the edit started from, what the user typed, and what stands in the table now.
struct ConflictField
{
    int field = 0; ///< index into Mapping::fields
    Value base;
    Value mine;
    Value theirs;
};

/// "Write mine…": shows base, mine and theirs side by side; accepting it means to write mine over the current version.
class ConflictDialog final : public QDialog
{
    Q_OBJECT

public:
    ConflictDialog(const Mapping &mapping, const QString &row, const std::vector<ConflictField> &fields,
                   QWidget *parent = nullptr);

private:
    [[nodiscard]] QWidget *makeTable(const Mapping &mapping, const std::vector<ConflictField> &fields);
    [[nodiscard]] QWidget *makeButtons();
};

} // namespace throughline
