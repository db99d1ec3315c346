// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/mapping.h"
#include "domain/row.h"
#include "stores/redis/luascript.h"
#include "stores/redis/putcodec.h"
#include "stores/redis/rediscontext.h"

#include <span>
#include <utility>
#include <vector>

namespace throughline {

/// What taking a staged write found.
struct TakenWrite
{
    enum class Kind {
        Taken,
        Busy, ///< another gateway has it in hand for `busyFor`
        None,
        BadType, ///< what stands there is no hash; it stays until it is discarded
    };
    Kind kind = Kind::None;
    milliseconds busyFor{0};
    QByteArray token;                                      ///< of the row's lease; empty when a hash is there
    QByteArray nonce;                                      ///< names this taking, also for whoever takes it over
    std::vector<std::pair<QByteArray, QByteArray>> fields; ///< as the client wrote them
};

/// What is done to the hash when a staged write is answered.
enum class StagedEffect : char {
    None = '\0',
    Put = 'P',       ///< the row as it was committed
    Drop = '-',      ///< hash and lease
    Overwrite = '+', ///< the given fields alone, whatever the row has
    Discard = 'X',   ///< nothing, but what was staged is taken away as it is no hash
};

/// The answer to one staged write, and its effect on the cache.
struct StagedAnswer
{
    RowKey key;
    QByteArray nonce;
    QByteArray uuid; ///< names the stream of the answer; empty: none is wanted
    bool done = false;
    QString reason; ///< of a failure; holds no value
    StagedEffect effect = StagedEffect::None;
    Row row;          ///< of Put, and of Overwrite with the values that are given
    QByteArray token; ///< lets Put create an absent hash
    std::vector<std::pair<QByteArray, QByteArray>> unmapped; ///< further fields of the hash
};

/// The hashes that clients stage for a mapping (PROTOCOL.md, section 8): takes them out of the clients' way, and
/// answers them. Belongs to the thread of its connection.
class StagingArea final
{
public:
    /// How long a client finds its answer.
    static constexpr int answerSeconds = 3600;

    /// `gateway` is a name that no other process or thread has; after `ownTime` others may take over what it took.
    StagingArea(RedisContext &redis, const Mapping &mapping, QByteArray gateway, milliseconds leaseTime,
                milliseconds ownTime);

    /// All in one round trip; one answer per key, in order.
    [[nodiscard]] Result<std::vector<Result<TakenWrite>>> take(std::span<const RowKey> keys, Instant deadline);
    /// The same; true where something else was staged for the row meanwhile. What fails here is not answered, and stays
    /// taken.
    [[nodiscard]] Result<std::vector<Result<bool>>> finish(std::span<const StagedAnswer> answers, Instant deadline);

private:
    [[nodiscard]] ScriptCall takeCall(const RowKey &key) const;
    [[nodiscard]] ScriptCall finishCall(const StagedAnswer &answer) const;

    RedisContext &m_redis;
    Mapping m_mapping;
    QByteArray m_gateway;
    milliseconds m_leaseTime;
    milliseconds m_ownTime;
    LuaScript m_take = LuaScript::take();
    LuaScript m_finish = LuaScript::finish();
};

} // namespace throughline
