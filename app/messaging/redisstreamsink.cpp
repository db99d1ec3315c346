// SPDX-License-Identifier: GPL-3.0-or-later
#include "messaging/redisstreamsink.h"

namespace throughline {

RedisStreamSink::RedisStreamSink(RedisLink &redis, QByteArray stream, milliseconds answerDeadline)
    : m_redis(redis)
    , m_stream(redis.context(), {std::move(stream), {}, {}})
    , m_answerDeadline(answerDeadline)
{
}

Result<void> RedisStreamSink::send(std::span<const Message> messages)
{
    return m_redis.ensure().and_then([&] { return m_stream.add(messages, Clock::now() + m_answerDeadline); });
}

} // namespace throughline
