// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/bar.h"

namespace throughline {

class ElidingLabel;

/// The strip over the grid: which table, how many rows, what the search found, how busy the rows are.
class TableBar final : public Bar
{
    Q_OBJECT

public:
    explicit TableBar(QWidget *parent = nullptr);

    void setTable(const QString &name);
    /// `found` of `total` rows; `search` is empty when every row is shown.
    void setCount(qint64 found, qint64 total, const QString &search);
    /// In place of a count, while none is known: "Reading…".
    void setCountText(const QString &text);
    /// Changes by others in the last second, shown where they are too many to flash; 0 hides it.
    void setChangesPerSecond(int changes);

private:
    ElidingLabel *m_table;
    ElidingLabel *m_count;
    ElidingLabel *m_changes;
};

} // namespace throughline
