// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/mapping.h"
#include "stores/redis/rediscontext.h"

#include <optional>

namespace throughline {

/// What Redis knows of the hashes of one mapping as a whole: which instance of the server holds them, whether they were
/// brought up to date since it started, and when one of our programs was last alive (PROTOCOL.md, section 7). Belongs
/// to the thread of its connection.
class CacheState final
{
public:
    struct Instance
    {
        QByteArray runId;       ///< another one after every start of the server
        bool recovered = false; ///< somebody has brought the hashes up to date since
    };

    CacheState(RedisContext &redis, const Mapping &mapping);

    [[nodiscard]] Result<Instance> instance(Instant deadline);
    [[nodiscard]] Result<void> setRecovered(const QByteArray &runId, Instant deadline);

    /// The last heartbeat that this Redis remembers, in us of PostgreSQL's clock.
    [[nodiscard]] Result<std::optional<qint64>> heartbeat(Instant deadline);
    [[nodiscard]] Result<void> setHeartbeat(qint64 us, Instant deadline);

    /// Drops every hash and every lease of the mapping; returns how many keys. Always safe.
    [[nodiscard]] Result<qint64> dropAll(Instant deadline);
    /// A round trip: the answer comes from the same instance as every answer before it on this connection.
    [[nodiscard]] Result<void> ping(Instant deadline);

private:
    [[nodiscard]] Result<qint64> dropMatching(const QByteArray &pattern, Instant deadline);

    RedisContext &m_redis;
    QByteArray m_okKey;
    QByteArray m_heartbeatKey; ///< of the label: another label may be recovered, and alive, before this one is
    QByteArray m_prefix;
};

} // namespace throughline
