// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/cachedtable.h"
#include "engine/latencyhistogram.h"
#include "engine/ownpushes.h"
#include "engine/stagedapplier.h"
#include "engine/stagedevent.h"
#include "engine/stagedreport.h"
#include "engine/stagingqueue.h"
#include "stores/postgres/keysequence.h"
#include "stores/redis/stagingarea.h"

#include <QHash>

#include <vector>

namespace throughline {

/// Carries what clients stage for one table: takes it, applies it, answers (PROTOCOL.md, S1 to S5). What it cannot
/// finish stays taken, and is tried again. Blocks its thread; the links belong to whoever calls, and are connected.
class StagedCarrier final
{
public:
    /// `gateway` is a name that no other process or thread has.
    StagedCarrier(const Mapping &mapping, const std::vector<QByteArray> &otherPrefixes, PostgresLink &postgres,
                  RedisLink &redis, const EngineSettings &settings, const QByteArray &gateway);

    [[nodiscard]] StagingQueue &queue() noexcept { return m_queue; }
    [[nodiscard]] const Keyspace &keyspace() const noexcept { return m_table.keyspace; }
    /// The connection to Redis is a new one: nothing is known of its recovery.
    void reconnected() { m_table.recovered = false; }

    /// One batch of what is due. Fails when a store does not answer.
    [[nodiscard]] Result<void> work();
    /// What is owed after the answers: about ten times in the retention time.
    void upkeep() { std::ignore = m_pushes.work(); }

    /// What happened since the last call, and what waits now.
    [[nodiscard]] StagedReport takeReport();
    [[nodiscard]] const LatencyHistogram &latency() const noexcept { return m_latency; }
    [[nodiscard]] std::vector<StagedEvent> takeEvents() { return std::exchange(m_events, {}); }

private:
    struct InHand
    {
        StagedWrite write;
        QByteArray nonce;
        QByteArray token;
        StagedFate fate;
        bool isPutElsewhere = true; ///< the hash of the row, where that has another name
    };

    [[nodiscard]] Result<std::vector<InHand>> take(const std::vector<RowKey> &keys);
    [[nodiscard]] std::optional<InHand> handOf(const RowKey &key, TakenWrite &taken);
    void decide(std::vector<InHand> &hand);
    void readAgain(std::vector<InHand> &hand);
    void raiseSequence(const std::vector<InHand> &hand);
    [[nodiscard]] Result<void> answer(std::vector<InHand> &hand);
    /// Whether the write is answered.
    [[nodiscard]] bool settle(const InHand &one, const Result<bool> &hasNext);
    [[nodiscard]] Result<void> answerOwed();
    void owe(std::vector<InHand> &hand);
    [[nodiscard]] StagedAnswer answerOf(InHand &one, bool mayCreate);
    [[nodiscard]] bool put(const CachePut &put);
    void record(const InHand &one);
    void remember(const std::vector<InHand> &hand, const std::vector<bool> &answered);
    void retryLater(const RowKey &key, bool isHeld);
    [[nodiscard]] bool mayFill();
    [[nodiscard]] Instant soon() const;
    [[nodiscard]] Instant late() const;

    Mapping m_mapping;
    EngineSettings m_settings;
    RedisLink &m_redis;
    CachedTable m_table;
    StagingArea m_area;
    StagedStore m_store;
    StagedApplier m_applier;
    KeySequence m_sequence;
    OwnPushes m_pushes;
    StagingQueue m_queue;
    std::vector<InHand> m_owed; ///< decided, but the connection broke before Redis had answered
    StagedReport m_since;       ///< the last takeReport()
    LatencyHistogram m_latency;
    std::vector<StagedEvent> m_events;
};

} // namespace throughline
