// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/cachedrow.h"
#include "domain/mapping.h"
#include "domain/row.h"
#include "stores/redis/luascript.h"
#include "stores/redis/putcodec.h"
#include "stores/redis/rediscontext.h"

#include <optional>
#include <span>
#include <vector>

namespace throughline {

/// What wt_read answered: the hash is there, or here is the permission to fill it.
struct CacheRead
{
    bool hit = false;
    QByteArray leaseToken;
    std::optional<Row> row; ///< of a hit; its version is 0 when the hash has none
};

/// How much of a hash is read.
enum class CacheDepth { Version, Fields };

/// The hashes of one mapping. Belongs to the thread of its connection.
class RowCache final
{
public:
    RowCache(RedisContext &redis, const Mapping &mapping, milliseconds leaseTime);

    /// A committed row; `token` lets it create an absent hash.
    [[nodiscard]] Result<PutReply> putRow(const Row &row, const QByteArray &token, Instant deadline);
    /// A fill after a miss: creates the hash only under its lease.
    [[nodiscard]] Result<PutReply> fill(const Row &row, const QByteArray &token, Instant deadline);
    /// A deleted row; `version` is that of the delete or below it.
    [[nodiscard]] Result<PutReply> putDeleted(const RowKey &key, RowVersion version, Instant deadline);
    /// Up to 128 keys in one script call, all calls in one round trip; one answer per put, in order. An error reply of
    /// a call is the error of each of its keys.
    [[nodiscard]] Result<std::vector<Result<PutReply>>> putMany(std::span<const CachePut> puts, Instant deadline);
    /// The same, and what Redis answers and refuses (out of memory, a forbidden command, a version nobody knows) is
    /// dropped, the answer that is always right and nearly always allowed. Failed are keys that could not be dropped.
    [[nodiscard]] Result<std::vector<Result<PutReply>>> putOrDrop(std::span<const CachePut> puts, Instant deadline);
    [[nodiscard]] Result<CacheRead> read(const RowKey &key, Instant deadline);
    /// The same for many keys in one round trip; one answer per key, in order.
    [[nodiscard]] Result<std::vector<CacheRead>> readMany(std::span<const RowKey> keys, Instant deadline);
    /// Drops hash and lease: always safe, allowed over maxmemory.
    [[nodiscard]] Result<void> invalidate(const RowKey &key, Instant deadline);

    /// Looks at the keys without changing anything; one answer per key, in order.
    [[nodiscard]] Result<std::vector<CachedRow>> peek(const std::vector<RowKey> &keys, Instant deadline);
    /// Only what a comparison needs, for many keys at a time: without unmapped fields and times to live, and for
    /// CacheDepth::Version without the values.
    [[nodiscard]] Result<std::vector<CachedRow>> look(std::span<const RowKey> keys, CacheDepth depth, Instant deadline);
    // Its halves: see RedisContext::send().
    [[nodiscard]] Result<void> askLook(std::span<const RowKey> keys, CacheDepth depth, Instant deadline);
    [[nodiscard]] Result<std::vector<CachedRow>> takeLook(std::span<const RowKey> keys, CacheDepth depth,
                                                          Instant deadline);
    /// Invalidates many keys in one round trip; how many hashes (or what stood in their place) there were.
    [[nodiscard]] Result<qint64> drop(std::span<const RowKey> keys, Instant deadline);

private:
    [[nodiscard]] Result<PutReply> put(const CachePut &put, Instant deadline);
    [[nodiscard]] ScriptCall callOf(std::span<const CachePut> puts) const;
    [[nodiscard]] ScriptCall callOf(const RowKey &key, const QByteArray &freshToken) const;
    [[nodiscard]] Result<CacheRead> cacheReadOf(const RowKey &key, const RedisReply &reply) const;
    [[nodiscard]] Result<void> findEmptyHashes(std::span<const RowKey> keys, std::vector<CachedRow> &rows,
                                               Instant deadline);
    [[nodiscard]] CachedRow cachedRowOf(const RedisReply &type, const RedisReply &fields, const RedisReply &ttl) const;

    RedisContext &m_redis;
    Mapping m_mapping;
    milliseconds m_leaseTime;
    LuaScript m_put = LuaScript::put();
    LuaScript m_read = LuaScript::read();
};

} // namespace throughline
