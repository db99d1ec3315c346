// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"

class QTableView;

namespace throughline {

class CellDelegate;

/// Gives a table view the grid's headers, row height, delegate and repainting of the current row. The view's columns
/// are the key and then the mapping's fields. May be called before or after setModel.
void giveGridLook(QTableView &view, const Mapping &mapping, CellDelegate &delegate);

} // namespace throughline
