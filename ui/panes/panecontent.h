// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"
#include "domain/mapping.h"
#include "engine/rowpair.h"
#include "ui/models/cellstate.h"
#include "ui/widgets/chip.h"

#include <QString>

#include <optional>
#include <vector>

namespace throughline {

/// One line of a pane as it is to be painted.
struct PaneLine
{
    enum class Kind { Text, Null, Secret, EmptyText, Words, Blank };
    QString name;
    QString value; ///< for Text and Words (italic, in the program's words)
    Kind kind = Kind::Blank;
    CellState state = CellState::None; ///< tint, sign at the inner edge
    QString remark;                    ///< words at the right end
    bool strong = false;               ///< demi-bold value
    bool quiet = false;                ///< in text2
};

/// One side: what its header and its lines say.
struct PaneContent
{
    QString place;   ///< `public.users · id 2`, `users:2`
    QString version; ///< `v48213`, empty when there is none
    bool versionDiffers = false;
    std::optional<qint64> ttlMs; ///< cache only; CachedRow::noTtl for a key that does not expire
    Chip::Kind chipKind = Chip::Kind::Neutral;
    QLatin1StringView chipSign;
    QString chip;
    QString message; ///< stands in place of the values
    std::vector<PaneLine> lines;
};

struct PanesContent
{
    PaneContent database;
    PaneContent cache;
};

/// An edit of the user that is not in the row: shown on the Database side.
struct EditMark
{
    int field = -1;
    CellState state = CellState::None;
    QString yours;
};

/// Puts a row pair into words and lines.
[[nodiscard]] PanesContent composePanes(const Mapping &mapping, const RowPair &pair);
/// The panes of a row whose values are not known yet.
[[nodiscard]] PanesContent composeReading(const Mapping &mapping, const RowKey &key);
/// The panes without a row.
[[nodiscard]] PanesContent composeNothing();
/// Writes the user's edit into the Database side.
void markEdit(PaneContent &database, const EditMark &mark);
/// Values of an earlier answer, for a store that does not answer now.
void markStale(PaneContent &content, const PaneContent &earlier, const QDateTime &readAt);

} // namespace throughline
