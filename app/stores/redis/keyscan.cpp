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

QByteArray KeyScan::pattern() const
{
    switch (m_of) {
    case Of::Hashes:
        return m_keyspace.hashPattern();
    case Of::Leases:
        return m_keyspace.leasePattern();
    case Of::Staged:
        break;
    }
    return m_keyspace.bracedPattern();
}

std::optional<RowKey> KeyScan::keyOf(const QByteArray &name) const
{
    switch (m_of) {
    case Of::Hashes:
        return m_keyspace.keyOfHash(name);
    case Of::Leases:
        return m_keyspace.keyOfLease(name);
    case Of::Staged:
        break;
    }
    auto staged = m_keyspace.keyOfStaged(name);
    return staged ? staged : m_keyspace.keyOfWork(name);
}

Result<std::vector<RowKey>> KeyScan::next(Instant deadline)
{
    const auto reply = m_redis.run({"SCAN"_ba, m_cursor, "MATCH"_ba, pattern(), "COUNT"_ba, "1000"_ba}, deadline);
    if (!reply)
        return Failure(reply.error());
    if (reply->size() != 2)
        return Failure(rediserror::unexpected());
    m_cursor = reply->textAt(0);
    m_atEnd = m_cursor == "0";
    std::vector<RowKey> keys;
    for (const QByteArray &name : reply->textsAt(1)) {
        if (auto key = keyOf(name))
            keys.push_back(std::move(*key));
    }
    return keys;
}

} // namespace throughline
