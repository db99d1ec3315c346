// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/cachedtable.h"
#include "engine/cacherecovery.h"
#include "engine/retentionlist.h"
#include "engine/upkeepreport.h"

#include <memory>
#include <vector>

namespace throughline {

/// Keeps cache and table together when nobody else does: pushes what foreign SQL and ended programs have left in the
/// outbox, recovers the cache after Redis has started again, and says that somebody is alive (PROTOCOL.md, sections 6
/// and 7). Any number of programs may do it at once. Blocks its thread, the only one that may use it.
class Upkeep final
{
public:
    /// How its connections are told from others in pg_stat_activity.
    static constexpr auto applicationSuffix = " upkeep";

    /// The tables share one outbox, so one database.
    Upkeep(const std::vector<Mapping> &mappings, const EngineSettings &settings, const Interrupt *interrupt);

    /// Connects and makes sure that the cache is recovered; nothing else. For a program that will not stay.
    [[nodiscard]] Result<void> recover();
    /// Does what is due now.
    const UpkeepReport &step();
    /// Until step() is to be called again.
    [[nodiscard]] milliseconds untilDue() const;
    /// Takes over all that can be taken over until `deadline`, pushes and marks it; does not wait until it is safe,
    /// since a recovery still finds what is marked. False when something is left, for the reason in the report.
    [[nodiscard]] bool finishOnce(Instant deadline);
    [[nodiscard]] const UpkeepReport &report() const noexcept { return m_report; }

private:
    [[nodiscard]] Result<void> connect();
    [[nodiscard]] Result<void> work();
    [[nodiscard]] Result<void> recoverTables();
    [[nodiscard]] Result<void> beat();
    [[nodiscard]] Result<void> drain();
    [[nodiscard]] Result<bool> claim(bool orphans);
    [[nodiscard]] Result<void> dropWhatIsTooMuch();
    [[nodiscard]] Result<void> push(std::vector<RetainedPush> pushes);
    [[nodiscard]] Result<void> pushTable(CachedTable &table, std::vector<RetainedPush> &pushes);
    [[nodiscard]] Result<void> confirm();
    [[nodiscard]] Result<void> lookAround();
    void planNext(bool failed);
    [[nodiscard]] Instant soon() const;
    [[nodiscard]] Instant late() const;

    EngineSettings m_settings;
    const Interrupt *m_interrupt;
    PostgresLink m_postgres;
    RedisLink m_redis;
    CacheRecovery m_recovery;
    std::vector<std::unique_ptr<CachedTable>> m_tables;
    QByteArrayList m_labels;
    RetentionList m_retained;
    UpkeepReport m_report;
    quint64 m_connection = 0; ///< of Redis
    int m_node = 0;
    milliseconds m_interval;
    Instant m_nextStep{};
    Instant m_nextBeat{};
    Instant m_nextOrphans{};
    Instant m_nextConfirm{};
    Instant m_nextForget{};
    Instant m_nextLook{};
    bool m_backlog = false; ///< the last claim was a full one
};

} // namespace throughline
