// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cacherecovery.h"

#include "base/faultpoint.h"
#include "base/logging.h"
#include "engine/dropall.h"
#include "engine/reacker.h"
#include "engine/rowpusher.h"

#include <algorithm>

namespace throughline {

namespace {

constexpr size_t keysPerChunk = 500;

/// R2: whether Redis may have lost a push that the outbox does not remember any more. Heartbeat and purge carry
/// PostgreSQL's clock, so a heartbeat later than every push that was purged proves that none of them is missing.
bool mayLackAPush(const std::optional<qint64> &heartbeat, const std::optional<qint64> &purged)
{
    return !heartbeat || (purged && *heartbeat < *purged);
}

} // namespace

CacheRecovery::CacheRecovery(PostgresLink &postgres, RedisLink &redis, const EngineSettings &settings)
    : m_postgres(postgres)
    , m_redis(redis)
    , m_settings(settings)
{
}

Instant CacheRecovery::soon() const
{
    return Clock::now() + m_settings.readDeadline;
}

Instant CacheRecovery::late() const
{
    return Clock::now() + m_settings.statementDeadline;
}

// R1
Result<bool> CacheRecovery::recover(CachedTable &table)
{
    const auto instance = table.state.instance(soon());
    if (!instance || instance->recovered)
        return instance.map([](const CacheState::Instance &one) { return one.recovered; });
    const auto leads = m_postgres.outbox().tryLeadRecovery(table.label, late());
    if (!leads || !*leads)
        return leads;
    const auto recovered = lead(table);
    if (m_postgres.connection().isOpen()) // otherwise the lock has gone with it
        std::ignore = m_postgres.outbox().endRecovery(table.label, late());
    return recovered;
}

/// Everything goes over one connection to Redis, which nobody opens again in here: had the server started again
/// meanwhile, the next command would fail.
Result<bool> CacheRecovery::lead(CachedTable &table)
{
    // Another program may have finished between the first look and our turn.
    const auto instance = table.state.instance(soon());
    if (!instance || instance->recovered)
        return instance.map([](const CacheState::Instance &one) { return one.recovered; });
    const auto heartbeat = table.state.heartbeat(soon());
    if (!heartbeat)
        return Failure(heartbeat.error());
    const auto keys = m_postgres.outbox().keys(table.label, m_settings.outboxLimit + 1, late());
    if (!keys)
        return Failure(keys.error());
    // Only now: a purge that was under way may have taken rows out just before the keys were read.
    const auto purged = m_postgres.outbox().purgedUntil(late());
    if (!purged)
        return Failure(purged.error());
    const bool tooMany = std::ssize(*keys) > m_settings.outboxLimit;
    const auto done = tooMany || mayLackAPush(*heartbeat, *purged) ? drop(table) : replay(table, *keys);
    if (!done)
        return Failure(done.error());
    if (const auto answered = answerAgain(table); !answered)
        return Failure(answered.error());
    faultPoint(FaultPoint::BeforeRecovered);
    // R5
    return table.state.setRecovered(instance->runId, soon()).map([] { return true; });
}

Result<void> CacheRecovery::drop(CachedTable &table)
{
    const auto dropped = dropAll(m_redis.context(), table.cache, table.keyspace, m_settings.statementDeadline);
    if (!dropped)
        return Failure(dropped.error());
    if (*dropped > 0)
        qCInfo(lcEngine, "%s: Redis came back too old; %lld keys were dropped and will be read again.",
               table.label.constData(), *dropped);
    return {};
}

// R3
Result<void> CacheRecovery::replay(CachedTable &table, std::span<const OutboxKey> keys)
{
    RowPusher pusher(table.rows, table.cache, m_settings);
    for (size_t begin = 0; begin < keys.size(); begin += keysPerChunk) {
        const auto left = pusher.push(keys.subspan(begin, std::min(keysPerChunk, keys.size() - begin)));
        if (!left)
            return Failure(left.error());
        if (!left->empty())
            return Failure(pusher.notAnswered());
        faultPoint(FaultPoint::BetweenReplayed);
    }
    return {};
}

// R4
Result<void> CacheRecovery::answerAgain(CachedTable &table)
{
    const auto given = Reacker(table, m_settings).run();
    if (!given)
        return Failure(given.error());
    if (*given > 0)
        qCInfo(lcEngine, "%s: Redis came back without %lld answers to staged writes; they were given again.",
               table.label.constData(), *given);
    return {};
}

} // namespace throughline
