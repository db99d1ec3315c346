// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/storelink.h"
#include "messaging/messagesink.h"
#include "stores/redis/messagestream.h"

namespace throughline {

/// Adds messages to a Redis Stream. Belongs to the thread of the link.
class RedisStreamSink final : public MessageSink
{
public:
    RedisStreamSink(RedisLink &redis, QByteArray stream, milliseconds answerDeadline);

    [[nodiscard]] Result<void> send(std::span<const Message> messages) override;

private:
    RedisLink &m_redis;
    MessageStream m_stream;
    milliseconds m_answerDeadline;
};

} // namespace throughline
