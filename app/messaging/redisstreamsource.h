// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/storelink.h"
#include "messaging/messagesettings.h"
#include "messaging/messagesource.h"
#include "stores/redis/messagestream.h"

namespace throughline {

/// A consumer group of a Redis Stream. Every process is a consumer of its own name; what one that ended has left is
/// claimed after a while. Belongs to the thread of the link.
class RedisStreamSource final : public MessageSource
{
public:
    RedisStreamSource(RedisLink &redis, const ConsumeSettings &settings, milliseconds answerDeadline);

    [[nodiscard]] Result<MessageBatch> next(size_t atMost, milliseconds wait) override;
    [[nodiscard]] Result<void> settle(std::span<const QByteArray> done, std::span<const DeadLetter> dead) override;
    [[nodiscard]] Result<qint64> pending() override;
    [[nodiscard]] Result<void> leave() override;

private:
    [[nodiscard]] Result<void> ensure();
    [[nodiscard]] Result<StreamEntries> owed(size_t atMost);
    [[nodiscard]] Result<StreamEntries> claimed(size_t atMost);
    [[nodiscard]] Instant deadline() const { return Clock::now() + m_answerDeadline; }

    RedisLink &m_redis;
    MessageStream m_stream;
    milliseconds m_claimAfter;
    milliseconds m_answerDeadline;
    quint64 m_connection = 0; ///< over which the group was made sure of; another one may lead to an emptied Redis
    bool m_owes = false;      ///< what a broken connection swallowed may wait for us
    Instant m_nextClaim{};
};

} // namespace throughline
