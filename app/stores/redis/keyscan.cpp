// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/keyscan.h"

#include "stores/redis/rediserror.h"

namespace throughline {

using namespace Qt::StringLiterals;

KeyScan::KeyScan(RedisContext &redis, Keyspace keyspace, Of of)
    : m_redis(redis)
    , m_keyspace(std::move(keyspace))
    , m_of(of)
    , m_cursor("0"_ba)
{
}

Result<std::vector<RowKey>> KeyScan::next(Instant deadline)
{
    const bool hashes = m_of == Of::Hashes;
    const QByteArray pattern = hashes ? m_keyspace.hashPattern() : m_keyspace.leasePattern();
    const auto reply = m_redis.run({"SCAN"_ba, m_cursor, "MATCH"_ba, pattern, "COUNT"_ba, "1000"_ba}, deadline);
    if (!reply)
        return Failure(reply.error());
    if (reply->size() != 2)
        return Failure(rediserror::unexpected());
    m_cursor = reply->textAt(0);
    m_atEnd = m_cursor == "0";
    std::vector<RowKey> keys;
    for (const QByteArray &name : reply->textsAt(1)) {
        if (auto key = hashes ? m_keyspace.keyOfHash(name) : m_keyspace.keyOfLease(name))
            keys.push_back(std::move(*key));
    }
    return keys;
}

} // namespace throughline
