// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "stores/redis/rediscontext.h"

#include <optional>
#include <vector>

namespace throughline {

/// Hears from Redis which keys clients stage, over a connection that does nothing else. What it hears are hints only:
/// nothing is announced while the connection is away, and Redis may not be set up for it. Belongs to one thread.
class StagingEvents final
{
public:
    /// `patterns` are those of the keys. `mayConfigure`: what Redis does not announce yet it is told to announce.
    StagingEvents(RedisOptions options, std::vector<QByteArray> patterns, bool mayConfigure,
                  const Interrupt *interrupt);

    /// Whether a Redis announces changes of hashes; none where that may not be asked.
    [[nodiscard]] static Result<std::optional<bool>> areAnnounced(RedisContext &redis, Instant deadline);

    [[nodiscard]] bool isOpen() const noexcept { return m_redis.isOpen(); }
    /// Subscribes. From now on every staged write is announced, if announces().
    [[nodiscard]] Result<void> open();
    void close() { m_redis.close(); }
    /// Whether Redis announces changes of hashes, as far as it lets itself be asked or has done it.
    [[nodiscard]] bool announces() const noexcept { return m_announces; }
    /// Names of keys, as they were changed; waits for the first until the deadline. Fails when the connection is gone.
    [[nodiscard]] Result<std::vector<QByteArray>> take(Instant deadline);

private:
    [[nodiscard]] Result<bool> configure(Instant deadline);
    [[nodiscard]] Result<void> subscribe(Instant deadline);
    [[nodiscard]] Result<void> checkAnswers();

    RedisContext m_redis;
    std::vector<QByteArray> m_patterns;
    QByteArray m_channel; ///< what the name of the key follows
    milliseconds m_connectTimeout;
    bool m_mayConfigure;
    bool m_announces = false;
    bool m_asked = false; ///< whether the server is still there
    Instant m_heard{};
};

} // namespace throughline
