// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/bulkupdate.h"
#include "engine/writethrough.h"
#include "stores/postgres/bulkstore.h"
#include "stores/redis/rowpatcher.h"

#include <map>
#include <optional>
#include <vector>

namespace throughline {

/// The answer to a BulkUpdate. `versions` are what the next update of each row is made on: as committed, or on a
/// conflict as the row is now; 0 when the row is gone or nobody knows.
struct BulkOutcome
{
    BulkUpdate update;
    std::vector<Verdict> verdicts;       ///< of each row
    std::vector<RowVersion> versions;    ///< of each row
    std::map<size_t, StoreError> errors; ///< of the rows that have one
    nanoseconds postgres{0};             ///< from sending it to the commit
    nanoseconds redis{0};                ///< from the commit to Redis' answer
};

/// Carries batch after batch of updates through both stores, as WriteThrough does and with the same guarantees, for
/// runs that show no rows: it asks for less back, sets in a hash only what changed where the hash is at the base
/// version, and pushes one batch to Redis while PostgreSQL works on the next. Whatever does not go smoothly goes the
/// way of WriteThrough. Blocks its thread, the only one that may use it.
class BulkWriter final
{
public:
    BulkWriter(WriteThrough &engine, Mapping mapping, const EngineSettings &settings);

    /// Sends the batch, and returns what is answered by then: mostly the batch before. No row of a batch may be in the
    /// one before it, whose versions nobody knows yet.
    [[nodiscard]] std::vector<BulkOutcome> write(BulkUpdate next);
    /// What is still to be answered.
    [[nodiscard]] std::vector<BulkOutcome> finish();

private:
    /// Committed by PostgreSQL, not yet pushed.
    struct Written
    {
        BulkUpdate update;
        BulkWritten rows;
        Instant sent;
        Instant committed;
    };
    struct Pushed
    {
        Written written;
        Result<std::vector<PatchReply>> replies;
        Instant answered;
    };

    [[nodiscard]] Result<void> ready();
    [[nodiscard]] Pushed push(Written written);
    [[nodiscard]] BulkOutcome answer(Pushed pushed);
    [[nodiscard]] BulkOutcome answerAnew(Written written);
    void answerConflicts(BulkOutcome &outcome, const BulkWritten &rows);
    void retain(const Written &written);
    [[nodiscard]] BulkOutcome carry(BulkUpdate update, std::optional<StoreError> ended);
    [[nodiscard]] Statement statementOf(const BulkUpdate &update, const std::vector<size_t> &rows) const;

    WriteThrough &m_engine;
    Mapping m_mapping;
    EngineSettings m_settings;
    BulkStore m_store;
    RowPatcher m_patcher;
    std::optional<Written> m_before;
    int m_tunedNode = 0;   ///< of the connection that was tuned
    bool m_patches = true; ///< until a statement says that somebody's trigger has taken part
};

} // namespace throughline
