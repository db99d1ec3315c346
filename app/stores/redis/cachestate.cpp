// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/cachestate.h"

#include "stores/redis/rediserror.h"

#include <array>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

QByteArray runIdOf(const QByteArray &info)
{
    static constexpr QByteArrayView name("run_id:");
    const qsizetype at = info.indexOf(name);
    if (at < 0)
        return {};
    const qsizetype start = at + name.size();
    return info.mid(start, info.indexOf('\r', start) - start);
}

} // namespace

CacheState::CacheState(RedisContext &redis, const Mapping &mapping)
    : m_redis(redis)
    , m_okKey("wt:ok:" + mapping.config.label.toUtf8())
    , m_heartbeatKey("wt:hb:" + mapping.config.label.toUtf8())
{
}

Result<CacheState::Instance> CacheState::instance(Instant deadline)
{
    const std::array<RedisCommand, 2> commands{RedisCommand{"INFO"_ba, "server"_ba}, RedisCommand{"GET"_ba, m_okKey}};
    const auto replies = m_redis.runAll(commands, deadline);
    if (!replies)
        return Failure(replies.error());
    Instance instance{runIdOf(replies->front().text()), false};
    if (instance.runId.isEmpty())
        return Failure(rediserror::unexpected());
    instance.recovered = replies->back().text() == instance.runId;
    return instance;
}

Result<void> CacheState::setRecovered(const QByteArray &runId, Instant deadline)
{
    const auto reply = m_redis.run({"SET"_ba, m_okKey, runId}, deadline);
    if (!reply)
        return Failure(reply.error());
    return {};
}

Result<std::optional<qint64>> CacheState::heartbeat(Instant deadline)
{
    const auto reply = m_redis.run({"GET"_ba, m_heartbeatKey}, deadline);
    if (!reply)
        return Failure(reply.error());
    bool good = false;
    const qint64 us = reply->text().toLongLong(&good);
    return good ? std::optional(us) : std::nullopt;
}

Result<void> CacheState::setHeartbeat(qint64 us, Instant deadline)
{
    const auto reply = m_redis.run({"SET"_ba, m_heartbeatKey, QByteArray::number(us)}, deadline);
    if (!reply)
        return Failure(reply.error());
    return {};
}

Result<void> CacheState::ping(Instant deadline)
{
    const auto reply = m_redis.run({"PING"_ba}, deadline);
    if (!reply)
        return Failure(reply.error());
    return {};
}

} // namespace throughline
