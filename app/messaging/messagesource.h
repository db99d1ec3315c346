// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "domain/message.h"

#include <span>
#include <vector>

namespace throughline {

/// What a source gave out at once.
struct MessageBatch
{
    std::vector<Message> messages;
    qint64 gone = 0; ///< messages owed to the group that are not there any more; they are owed no longer
};

/// Where changes come from: hands out each message to one consumer of a group and again to another one, until it is
/// settled. In any order; the position in the id says which of two is newer. Redis Streams are one
/// (RedisStreamSource); Kafka can be another. Belongs to one thread; every function may be called again after it
/// failed.
class MessageSource
{
public:
    virtual ~MessageSource() = default;

    /// Some messages that wait; waits up to `wait` for the first. What was given out before has to be settled.
    [[nodiscard]] virtual Result<MessageBatch> next(size_t atMost, milliseconds wait) = 0;
    /// These are done with: they are applied, or never can be and go to the dead letters.
    [[nodiscard]] virtual Result<void> settle(std::span<const QByteArray> done, std::span<const DeadLetter> dead) = 0;
    /// Messages that were given out to anybody of the group and are not settled.
    [[nodiscard]] virtual Result<qint64> pending() = 0;
    /// No more is wanted by this consumer.
    [[nodiscard]] virtual Result<void> leave() = 0;
};

} // namespace throughline
