// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/cachestate.h"

#include "stores/redis/rediserror.h"

#include <array>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

const QByteArray scanCount = "1000"_ba;

QByteArray runIdOf(const QByteArray &info)
{
    static constexpr QByteArrayView name("run_id:");
    const qsizetype at = info.indexOf(name);
    if (at < 0)
        return {};
    const qsizetype start = at + name.size();
    return info.mid(start, info.indexOf('\r', start) - start);
}

/// A prefix as a pattern of SCAN that matches it literally.
QByteArray literalPattern(const QByteArray &text)
{
    QByteArray pattern;
    for (const char c : text) {
        if (QByteArrayView("*?[]^\\").contains(c))
            pattern += '\\';
        pattern += c;
    }
    return pattern;
}

} // namespace

CacheState::CacheState(RedisContext &redis, const Mapping &mapping)
    : m_redis(redis)
    , m_okKey("wt:ok:" + mapping.config.label.toUtf8())
    , m_heartbeatKey("wt:hb:" + mapping.config.label.toUtf8())
    , m_prefix(literalPattern(mapping.config.prefix))
{
}

Result<CacheState::Instance> CacheState::instance(Instant deadline)
{
    const std::array<RedisCommand, 2> commands{RedisCommand{"INFO"_ba, "server"_ba}, RedisCommand{"GET"_ba, m_okKey}};
    const auto replies = m_redis.pipeline(commands, deadline);
    if (!replies)
        return Failure(replies.error());
    for (const RedisReply &reply : *replies) {
        if (reply.isError())
            return Failure(rediserror::fromReply(reply.text()));
    }
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

Result<qint64> CacheState::dropAll(Instant deadline)
{
    const auto hashes = dropMatching(m_prefix + '*', deadline);
    if (!hashes)
        return hashes;
    const auto leases = dropMatching("{" + m_prefix + "*}:lease", deadline);
    if (!leases)
        return leases;
    return *hashes + *leases;
}

Result<qint64> CacheState::dropMatching(const QByteArray &pattern, Instant deadline)
{
    qint64 dropped = 0;
    QByteArray cursor = "0"_ba;
    do {
        const auto reply = m_redis.run({"SCAN"_ba, cursor, "MATCH"_ba, pattern, "COUNT"_ba, scanCount}, deadline);
        if (!reply)
            return Failure(reply.error());
        cursor = reply->textAt(0);
        RedisCommand unlink{"UNLINK"_ba};
        for (const QByteArray &key : reply->textsAt(1))
            unlink.push_back(key);
        if (unlink.size() == 1)
            continue;
        const auto unlinked = m_redis.run(unlink, deadline);
        if (!unlinked)
            return Failure(unlinked.error());
        dropped += unlinked->number();
    } while (cursor != "0");
    return dropped;
}

Result<void> CacheState::ping(Instant deadline)
{
    const auto reply = m_redis.run({"PING"_ba}, deadline);
    if (!reply)
        return Failure(reply.error());
    return {};
}

} // namespace throughline
