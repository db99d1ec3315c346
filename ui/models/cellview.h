// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/columninfo.h"
#include "domain/value.h"
#include "ui/models/cellstate.h"

#include <QCoreApplication>
#include <QString>
#include <QVariant>

namespace throughline {

/// One cell as views see it: from value, state and column to the answer for a role.
struct CellView
{
    Q_DECLARE_TR_FUNCTIONS(CellView)

public:
    const ColumnInfo &column;
    bool secret = false;
    Value value; ///< what stands in the cell: the person's kept text, else the table's
    CellState state = CellState::None;
    QString sentence;

    [[nodiscard]] QVariant data(int role) const;
    [[nodiscard]] static int alignment(const ColumnInfo &column);

private:
    [[nodiscard]] QString displayed() const;
    [[nodiscard]] QString accessibleText() const;
};

} // namespace throughline
