// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/keyspace.h"
#include "stores/redis/rediscontext.h"

namespace throughline {

/// Goes through the keys of one mapping with SCAN: it meets every key that is there all the while, some of them twice,
/// and needs no memory for it. Belongs to the thread of its connection.
class KeyScan final
{
public:
    /// Staged: what clients have staged, and work in progress.
    enum class Of { Hashes, Leases, Staged };
    KeyScan(RedisContext &redis, Keyspace keyspace, Of of);

    [[nodiscard]] bool atEnd() const noexcept { return m_atEnd; }
    /// The next few hundred; also none although the end is not reached.
    [[nodiscard]] Result<std::vector<RowKey>> next(Instant deadline);

private:
    [[nodiscard]] QByteArray pattern() const;
    [[nodiscard]] std::optional<RowKey> keyOf(const QByteArray &name) const;

    RedisContext &m_redis;
    Keyspace m_keyspace;
    Of m_of;
    QByteArray m_cursor;
    bool m_atEnd = false;
};

} // namespace throughline
