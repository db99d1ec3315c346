// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qt>

namespace throughline {

/// What RowsModel tells its delegate beside DisplayRole. The model knows no colours, the delegate no model type.
enum RowRole {
    CellStateRole = Qt::UserRole, ///< int(CellState) of the cell
    RowStateRole,                 ///< int(CellState): the most urgent of the row, for the row mark
    StateSentenceRole,            ///< the state in a whole sentence: tooltip, note and screen reader
    IsNullRole,                   ///< bool: the value is NULL
    IsSecretRole,                 ///< bool: draw eight bullets
    FlashRole,                    ///< qreal 1..0: how much of the "changed" tint is left
    SearchTextRole,               ///< the text whose matches are marked; empty when there is no search
    KeyRole,                      ///< QByteArray: the row's key
    LoadedRole,                   ///< bool: false while the row's page is still being read
};

} // namespace throughline
