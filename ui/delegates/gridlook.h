// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"

#include <QFontMetrics>

#include <vector>

class QTableView;

namespace throughline {

class CellDelegate;

/// Widths of the key column and the mapping's fields for the room there is: room to spare goes to the widest and to the
/// first text column (60 and 40 %).
[[nodiscard]] std::vector<int> columnWidths(const Mapping &mapping, const QFontMetrics &metrics, int available);

/// Gives a table view the grid's headers, row height, delegate and repainting of the current row. The view's columns
/// are the key and then the mapping's fields. Call before setModel.
void giveGridLook(QTableView &view, const Mapping &mapping, CellDelegate &delegate);

} // namespace throughline
