// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/storeerror.h"
#include "domain/edit.h"
#include "domain/row.h"

#include <optional>

namespace throughline {

enum class Verdict {
    Committed,             ///< in PostgreSQL, and answered by Redis
    CommittedCachePending, ///< in PostgreSQL; Redis has not answered, the outbox keeps the key
    Conflict,              ///< the row is not what it was; nothing was written; `row` is what stands there now, if any
    Rejected,    ///< PostgreSQL refused the values; neither store was changed; `error` names column and reason
    Unavailable, ///< PostgreSQL could not be reached; nothing was sent
    Unknown,     ///< the connection broke after the statement was sent; it may have been committed
    Cancelled,   ///< taken back before anything was sent
};

struct Timings
{
    nanoseconds queued{0};
    nanoseconds postgres{0};
    nanoseconds redis{0};

    [[nodiscard]] nanoseconds total() const noexcept { return queued + postgres + redis; }
};

/// The one answer to an Edit.
struct Outcome
{
    OpId op;
    EditKind kind = EditKind::Update;
    RowKey key; ///< for an Insert the key that was given
    Origin origin = Origin::Grid;
    Verdict verdict = Verdict::Unknown;
    std::optional<Row> row;          ///< as committed, or on a Conflict the current row; none when the row is gone
    std::optional<StoreError> error; ///< for Rejected, Unavailable, Unknown and CommittedCachePending
    Timings timings;
    OpId statement; ///< the op id of the statement that carried it: its own, or that of its batch
    /// Takes the place of an earlier Unknown or CommittedCachePending. Unknown again: nobody can tell any more.
    bool late = false;

    /// PostgreSQL holds the change, whatever the cache does.
    [[nodiscard]] bool isCommitted() const noexcept
    {
        return verdict == Verdict::Committed || verdict == Verdict::CommittedCachePending;
    }
    /// The answer to an edit that never left.
    [[nodiscard]] static Outcome cancelled(const Edit &edit);
};

} // namespace throughline
