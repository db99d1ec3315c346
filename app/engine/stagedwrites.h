// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/stagedcarrier.h"
#include "stores/redis/keyscan.h"
#include "stores/redis/stagingevents.h"

#include <memory>
#include <vector>

namespace throughline {

/// Serves the writes that clients stage in Redis for these tables (PROTOCOL.md, section 8): hears of them or looks for
/// them, and has them carried out. Any number of programs may do it at once. Blocks its thread, the only one that may
/// use it.
class StagedWrites final
{
public:
    /// How its connections are told from others in pg_stat_activity.
    static constexpr auto applicationSuffix = " staged";

    /// Several of one program divide the keys among them.
    struct Lane
    {
        size_t number = 0;
        size_t of = 1;
    };

    /// The tables lie in one database.
    StagedWrites(const std::vector<Mapping> &mappings, const EngineSettings &settings, const Interrupt *interrupt,
                 Lane lane);
    StagedWrites(const std::vector<Mapping> &mappings, const EngineSettings &settings, const Interrupt *interrupt)
        : StagedWrites(mappings, settings, interrupt, Lane())
    {
    }

    /// Waits a little for something to do, and does it.
    void step();
    /// Carries out all that can be taken now; false when a store does not answer, for the reason in the report.
    [[nodiscard]] bool finishOnce(Instant deadline);

    /// What became of staged writes so far. Percentiles cost some time: to be asked a few times a second.
    [[nodiscard]] const StagedReport &report();
    [[nodiscard]] LatencyHistogram latency() const;
    /// The writes that were answered since the last call.
    [[nodiscard]] std::vector<StagedEvent> takeEvents();

private:
    [[nodiscard]] Result<void> connect();
    void openEvents();
    void checkEvents();
    [[nodiscard]] Instant nextDue() const;
    void listen(Instant until);
    void notice(const std::vector<QByteArray> &names);
    void notice(StagedCarrier &carrier, const RowKey &key, Instant now);
    [[nodiscard]] Result<void> scanSome();
    [[nodiscard]] Result<void> work();
    [[nodiscard]] bool announced() const noexcept { return m_events.isOpen() && m_events.announces(); }
    void finishScan();

    EngineSettings m_settings;
    const Interrupt *m_interrupt;
    Lane m_lane;
    PostgresLink m_postgres;
    RedisLink m_redis;
    std::vector<std::unique_ptr<StagedCarrier>> m_carriers;
    StagingEvents m_events;
    Backoff m_eventsBackoff;
    std::vector<KeyScan> m_scans; ///< under way, one per table
    Instant m_scanStarted{};
    Instant m_nextScan{};
    Instant m_nextUpkeep{};
    Instant m_nextCheck{};    ///< whether Redis announces staged writes
    quint64 m_connection = 0; ///< of Redis
    int m_node = 0;
    StagedReport m_report;
};

} // namespace throughline
