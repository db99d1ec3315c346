// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "stores/postgres/rowstore.h"

#include <optional>
#include <vector>

namespace throughline {

/// What one statement carries to PostgreSQL: a single edit, or updates of the same fields of different rows.
struct Statement
{
    OpId op;
    std::vector<Edit> edits;

    [[nodiscard]] const Edit &first() const { return edits.front(); }
    [[nodiscard]] bool isInsert() const { return first().kind == EditKind::Insert; }
    /// Below the seq of every outbox row that it can leave.
    [[nodiscard]] RowVersion lowestBase() const;
};

/// What became of one edit of a statement.
struct Fate
{
    enum class Kind {
        Written,       ///< by the attempt that answered; `written` is what it returned
        AppliedBefore, ///< an earlier attempt had committed it
        NotApplied,    ///< certainly not, and no late attempt can do it any more
        Refused,       ///< the same, and PostgreSQL said why
    };
    Kind kind = Kind::NotApplied;
    WrittenRow written;
    RowVersion journal;                ///< of AppliedBefore: above the version it got; 0 when not known
    std::optional<StoreError> refusal; ///< of Refused
};

} // namespace throughline
