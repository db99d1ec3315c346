// SPDX-License-Identifier: GPL-3.0-or-later
#include "messaging/redisstreamsource.h"

#include <QRandomGenerator>
#include <QSysInfo>

#include <algorithm>
#include <unistd.h>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

QByteArray ownName()
{
    return QSysInfo::machineHostName().toUtf8() + '-' + QByteArray::number(getpid()) + '-' +
           QByteArray::number(QRandomGenerator::global()->generate(), 16);
}

} // namespace

RedisStreamSource::RedisStreamSource(RedisLink &redis, const ConsumeSettings &settings, milliseconds answerDeadline)
    : m_redis(redis)
    , m_stream(redis.context(), {settings.stream, settings.group, ownName()})
    , m_claimAfter(settings.claimAfter)
    , m_answerDeadline(answerDeadline)
{
}

Result<void> RedisStreamSource::ensure()
{
    if (const auto open = m_redis.ensure(); !open)
        return open;
    if (m_connection == m_redis.number())
        return {};
    return m_stream.createGroup(deadline()).map([this] {
        m_connection = m_redis.number();
        m_owes = true;
        m_nextClaim = {};
    });
}

Result<MessageBatch> RedisStreamSource::next(size_t atMost, milliseconds wait)
{
    if (const auto ready = ensure(); !ready)
        return Failure(ready.error());
    auto entries = owed(atMost);
    if (entries && entries->empty())
        entries = claimed(atMost);
    if (entries && entries->empty())
        entries = m_stream.readNew(atMost, wait, deadline() + wait);
    if (!entries) {
        // Somebody has deleted the stream, or flushed Redis; UNBLOCKED says so to who waited.
        if (entries.error().code == "NOGROUP"_L1 || entries.error().code == "UNBLOCKED"_L1)
            m_connection = 0;
        return Failure(entries.error());
    }
    return MessageBatch{std::move(entries->messages), std::ssize(entries->gone)};
}

/// What was read over a connection that broke before it had answered.
Result<StreamEntries> RedisStreamSource::owed(size_t atMost)
{
    if (!m_owes)
        return StreamEntries();
    auto entries = m_stream.readOwed(atMost, deadline());
    if (!entries)
        return entries;
    if (const auto forgotten = m_stream.acknowledge(entries->gone, deadline()); !forgotten)
        return Failure(forgotten.error());
    m_owes = !entries->empty();
    return entries;
}

Result<StreamEntries> RedisStreamSource::claimed(size_t atMost)
{
    if (Clock::now() < m_nextClaim)
        return StreamEntries();
    auto entries = m_stream.claim(m_claimAfter, atMost, deadline());
    if (entries && m_stream.claimedAll())
        m_nextClaim = Clock::now() + std::clamp(m_claimAfter / 4, milliseconds(100), milliseconds(5000));
    return entries;
}

Result<void> RedisStreamSource::settle(std::span<const QByteArray> done, std::span<const DeadLetter> dead)
{
    return ensure().and_then([&] { return m_stream.acknowledge(done, deadline()); }).and_then([&] {
        return m_stream.bury(dead, deadline());
    });
}

Result<qint64> RedisStreamSource::pending()
{
    return ensure().and_then([this] { return m_stream.pending(deadline()); });
}

Result<void> RedisStreamSource::leave()
{
    return m_redis.context().isOpen() ? m_stream.leave(deadline()) : Result<void>();
}

} // namespace throughline
