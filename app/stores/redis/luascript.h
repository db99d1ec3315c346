// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "stores/redis/rediscontext.h"

#include <span>
#include <vector>

namespace throughline {

/// Keys and arguments of one call of a script.
struct ScriptCall
{
    std::vector<QByteArray> keys;
    std::vector<QByteArray> arguments;
};

/// One script of resources/lua with its SHA1. It is called by EVALSHA; a server that does not know it (a fresh start,
/// SCRIPT FLUSH) gets the text once by EVAL.
class LuaScript final
{
public:
    [[nodiscard]] static LuaScript put();
    [[nodiscard]] static LuaScript patch();
    [[nodiscard]] static LuaScript read();
    [[nodiscard]] static LuaScript take();
    [[nodiscard]] static LuaScript finish();
    [[nodiscard]] static LuaScript answer();

    [[nodiscard]] Result<RedisReply> run(RedisContext &redis, std::span<const QByteArray> keys,
                                         std::span<const QByteArray> arguments, Instant deadline) const;
    /// All calls in one round trip; error replies stand among the replies.
    [[nodiscard]] Result<std::vector<RedisReply>> runMany(RedisContext &redis, std::span<const ScriptCall> calls,
                                                          Instant deadline) const;
    [[nodiscard]] const QByteArray &sha() const noexcept { return m_sha; }
    [[nodiscard]] const QByteArray &text() const noexcept { return m_text; }

private:
    explicit LuaScript(QByteArray text);
    [[nodiscard]] Result<void> repeatUnknown(RedisContext &redis, std::span<const ScriptCall> calls,
                                             std::vector<RedisReply> &replies, Instant deadline) const;

    QByteArray m_text;
    QByteArray m_sha;
};

} // namespace throughline
