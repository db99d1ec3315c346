// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/keyspace.h"
#include "engine/filler.h"
#include "engine/storelink.h"
#include "engine/suspects.h"
#include "engine/verifyreport.h"

#include <functional>
#include <span>

namespace throughline {

struct VerifyOptions
{
    bool quick = false;                                 ///< keys and versions only
    bool repair = false;                                ///< what differs is dropped from the cache and filled again
    std::vector<QByteArray> otherPrefixes;              ///< of the other mappings
    milliseconds settleTime{300};                       ///< within which an edit in flight reaches the cache
    std::function<void(const VerifyReport &)> progress; ///< called now and then
};

/// Compares the table with the cache in both directions: every row with its hash, and every hash with its row. Streams,
/// so that its memory does not depend on their size. Changes nothing unless it repairs. Blocks its thread, the only one
/// that may use it.
class Verifier final
{
public:
    Verifier(Mapping mapping, const EngineSettings &settings, VerifyOptions options, const Interrupt *interrupt);

    /// Everything. What was found before an error or an interrupt is in the report all the same.
    [[nodiscard]] VerifyReport verifyAll();
    /// These keys, as PostgreSQL spells them.
    [[nodiscard]] VerifyReport verify(const std::vector<RowKey> &keys);

private:
    void begin();
    [[nodiscard]] VerifyReport finish(const Result<void> &compared);
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> compareRows();
    [[nodiscard]] Result<std::vector<Row>> rowsAfter(const std::optional<RowKey> &after);
    void comparePage(const std::vector<Row> &rows, const std::vector<CachedRow> &cached);
    [[nodiscard]] CacheDepth depth() const;
    [[nodiscard]] Result<void> findOrphans();
    [[nodiscard]] Result<std::vector<RowKey>> withoutRow(const std::vector<RowKey> &keys);
    [[nodiscard]] Result<void> compareKeys(std::span<const RowKey> keys);
    void suspectFaultsIn(const std::vector<KeyLook> &looks);
    [[nodiscard]] Result<std::vector<KeyLook>> lookAt(const std::vector<RowKey> &keys);
    [[nodiscard]] Result<void> settleSuspects();
    [[nodiscard]] Result<void> lookAgain(std::span<const Suspect> suspects);
    [[nodiscard]] Result<void> repair(const std::vector<KeyLook> &differing);
    [[nodiscard]] Result<void> waitUntil(Instant due) const;
    [[nodiscard]] RowComparison compare(const Row *row, const CachedRow &cached) const;
    void showProgress();
    [[nodiscard]] Instant late() const;

    Mapping m_mapping;
    EngineSettings m_settings;
    VerifyOptions m_options;
    const Interrupt *m_interrupt;
    PostgresLink m_postgres;
    RedisLink m_redis;
    Filler m_filler;
    Suspects m_suspects;
    VerifyReport m_report;
    Instant m_start;
};

} // namespace throughline
