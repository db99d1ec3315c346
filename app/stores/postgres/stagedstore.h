// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/row.h"
#include "domain/stagedwrite.h"
#include "stores/postgres/pgconnection.h"
#include "stores/postgres/pgstatements.h"
#include "stores/postgres/stagedstatements.h"

#include <optional>
#include <span>
#include <vector>

namespace throughline {

/// The verdict on one staged write, and the row as it is behind it.
struct StagedVerdict
{
    bool done = false;
    bool before = false; ///< it was given earlier, to the same write
    QString failure;     ///< see failureText()
    std::optional<Row> row;
    std::optional<RowVersion> deleted; ///< the version of a row that this write has deleted
    RowKey deletedKey;                 ///< as PostgreSQL spells it
};

/// Staged writes and their verdicts in PostgreSQL. Every statement is a transaction of its own. Belongs to the thread
/// of its connection, which has to be a node.
class StagedStore final
{
public:
    StagedStore(PgConnection &connection, const Mapping &mapping);

    /// Makes a fresh connection fit for staged writes; `lockTimeout` is how long one waits for a row that is locked.
    [[nodiscard]] static Result<void> tune(PgConnection &connection, milliseconds lockTimeout, Instant deadline);

    /// S3: writes that name the same fields, or that all delete, to different rows. None for a write that has to be
    /// sent again. A failure is true of none of them, or of one that cannot be told.
    [[nodiscard]] Result<std::vector<std::optional<StagedVerdict>>>
    apply(const OpId &statement, std::span<const StagedWrite> writes, Instant deadline);
    /// S4: writes the verdict `failed` with the writes' own reasons, unless they have one.
    [[nodiscard]] Result<std::vector<std::optional<StagedVerdict>>> fail(std::span<const StagedWrite> writes,
                                                                         Instant deadline);
    /// Those of the keys whose rows somebody else has locked at the moment.
    [[nodiscard]] Result<std::vector<RowKey>> lockedKeys(std::span<const StagedWrite> writes, Instant deadline);

private:
    PgConnection &m_connection;
    PgStatements m_rows;
    StagedStatements m_statements;
    size_t m_fields;
};

} // namespace throughline
