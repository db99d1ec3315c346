// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/message.h"
#include "stores/redis/rediscontext.h"
#include "stores/redis/replyview.h"

#include <span>
#include <vector>

namespace throughline {

/// Whose entries of which stream.
struct StreamNames
{
    QByteArray stream;
    QByteArray group;
    QByteArray consumer;

    /// Where messages go that can never be applied.
    [[nodiscard]] QByteArray deadStream() const { return stream + "-dead"; }
};

/// Entries that a read returned, and the ids of those that were owed to this group and are not in the stream any more.
struct StreamEntries
{
    std::vector<Message> messages;
    std::vector<QByteArray> gone;
    [[nodiscard]] bool empty() const noexcept { return messages.empty() && gone.empty(); }
};

/// One Redis Stream as a consumer of a group and as a producer see it. Belongs to the thread of its connection.
class MessageStream final
{
public:
    MessageStream(RedisContext &redis, StreamNames names);

    /// Adds messages at the end, in their order, in one round trip.
    [[nodiscard]] Result<void> add(std::span<const Message> messages, Instant deadline);

    /// Makes the group at the beginning of the stream, and the stream, unless they are there.
    [[nodiscard]] Result<void> createGroup(Instant deadline);
    /// What nobody of the group has got yet; waits for it up to `wait`.
    [[nodiscard]] Result<StreamEntries> readNew(size_t atMost, milliseconds wait, Instant deadline);
    /// What this consumer has got and not acknowledged, from the oldest on.
    [[nodiscard]] Result<StreamEntries> readOwed(size_t atMost, Instant deadline);
    /// Takes over what other consumers have not acknowledged for `idle`. Goes through them over several calls;
    /// claimedAll() says when the end is reached. Redis itself forgets what it reports as gone.
    [[nodiscard]] Result<StreamEntries> claim(milliseconds idle, size_t atMost, Instant deadline);
    [[nodiscard]] bool claimedAll() const noexcept { return m_cursor == "0-0"; }

    [[nodiscard]] Result<void> acknowledge(std::span<const QByteArray> ids, Instant deadline);
    /// Puts the messages on the dead-letter stream, each with its id and the reason, and then acknowledges them. When
    /// that is broken off they are put there again, recognisable by the id.
    [[nodiscard]] Result<void> bury(std::span<const DeadLetter> letters, Instant deadline);

    /// What the group has got and not acknowledged.
    [[nodiscard]] Result<qint64> pending(Instant deadline);
    /// Takes the consumer out of the group, unless something is owed to it.
    [[nodiscard]] Result<void> leave(Instant deadline);

private:
    [[nodiscard]] Result<StreamEntries> read(const RedisCommand &command, Instant deadline);
    [[nodiscard]] RedisCommand readCommand(size_t atMost) const;

    RedisContext &m_redis;
    StreamNames m_names;
    QByteArray m_cursor;
};

} // namespace throughline
