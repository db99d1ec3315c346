// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/givenanswer.h"
#include "domain/mapping.h"
#include "stores/redis/luascript.h"
#include "stores/redis/rediscontext.h"

#include <span>
#include <vector>

namespace throughline {

/// The streams in which clients find the answers to what they have staged for a mapping. Belongs to the thread of its
/// connection.
class AnswerStreams final
{
public:
    AnswerStreams(RedisContext &redis, const Mapping &mapping);

    /// Those of the answers whose streams are not there, in order.
    [[nodiscard]] Result<std::vector<GivenAnswer>> missing(std::span<const GivenAnswer> answers, Instant deadline);
    /// Gives them where there is still no stream; those of one stream together. Returns how many were given.
    [[nodiscard]] Result<qint64> give(std::span<const GivenAnswer> answers, Instant deadline);

private:
    RedisContext &m_redis;
    Mapping m_mapping;
    LuaScript m_answer = LuaScript::answer();
};

} // namespace throughline
