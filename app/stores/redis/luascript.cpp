// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/luascript.h"

#include "base/faultpoint.h"

#include "stores/redis/rediserror.h"

#include <QCryptographicHash>
#include <QFile>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

// "#!lua" makes Redis 7 refuse a script as a whole when it is over maxmemory, instead of in the middle.
constexpr auto shebang = "#!lua\n";

QByteArray resource(const QString &name)
{
    QFile file(u":/lua/"_s + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("resource %s is missing from the program", qPrintable(name));
    return file.readAll();
}

/// common.lua; in a fault test perhaps with a bug in the line that decides who may create a hash.
QByteArray commonChunk()
{
    QByteArray text = resource(u"common.lua"_s);
    constexpr auto mayCreate = "mode ~= 'D' and lease and tok ~= '' and lease == tok";
    if (isMutated(Mutation::Populate))
        text.replace(mayCreate, "mode == 'U' or mode == 'F' and lease and tok ~= '' and lease == tok");
    if (isMutated(Mutation::NoLease))
        text.replace(mayCreate, "mode == 'F' or mode == 'U' and lease and tok ~= '' and lease == tok");
    return text;
}

RedisCommand call(const QByteArray &verb, const QByteArray &script, std::span<const QByteArray> keys,
                  std::span<const QByteArray> arguments)
{
    RedisCommand command{verb, script, QByteArray::number(static_cast<qsizetype>(keys.size()))};
    command.insert(command.end(), keys.begin(), keys.end());
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

bool isScriptMissing(const RedisReply &reply)
{
    return reply.isError() && rediserror::fromReply(reply.text()).kind == ErrorKind::ScriptMissing;
}

} // namespace

LuaScript::LuaScript(QByteArray text)
    : m_text(std::move(text))
    , m_sha(QCryptographicHash::hash(m_text, QCryptographicHash::Sha1).toHex())
{
}

LuaScript LuaScript::put()
{
    return LuaScript(shebang + commonChunk() + resource(u"wt_put.lua"_s));
}

LuaScript LuaScript::patch()
{
    return LuaScript(shebang + commonChunk() + resource(u"wt_patch.lua"_s));
}

LuaScript LuaScript::read()
{
    return LuaScript(shebang + resource(u"wt_read.lua"_s));
}

LuaScript LuaScript::take()
{
    QByteArray text = resource(u"wt_take.lua"_s);
    if (isMutated(Mutation::NoRename))
        text.replace("'RENAME'", "'COPY'");
    return LuaScript(shebang + text);
}

LuaScript LuaScript::finish()
{
    QByteArray text = resource(u"wt_finish.lua"_s);
    if (isMutated(Mutation::NoRename))
        text.replace("if mine then redis.call('UNLINK', KEYS[1]) end",
                     "if mine then redis.call('UNLINK', KEYS[1], KEYS[5]) end");
    return LuaScript(shebang + commonChunk() + text);
}

LuaScript LuaScript::answer()
{
    return LuaScript(shebang + resource(u"wt_answer.lua"_s));
}

Result<RedisReply> LuaScript::run(RedisContext &redis, std::span<const QByteArray> keys,
                                  std::span<const QByteArray> arguments, Instant deadline) const
{
    auto reply = redis.run(call("EVALSHA"_ba, m_sha, keys, arguments), deadline);
    if (reply || reply.error().kind != ErrorKind::ScriptMissing)
        return reply;
    return redis.run(call("EVAL"_ba, m_text, keys, arguments), deadline);
}

Result<std::vector<RedisReply>> LuaScript::runMany(RedisContext &redis, std::span<const ScriptCall> calls,
                                                   Instant deadline) const
{
    std::vector<RedisCommand> commands;
    commands.reserve(calls.size());
    for (const ScriptCall &one : calls)
        commands.push_back(call("EVALSHA"_ba, m_sha, one.keys, one.arguments));
    auto replies = redis.pipeline(commands, deadline);
    if (!replies)
        return replies;
    if (const auto repeated = repeatUnknown(redis, calls, *replies, deadline); !repeated)
        return Failure(repeated.error());
    return replies;
}

/// Sends the calls again that found no script. The first one brings the text, which is there for those behind it.
Result<void> LuaScript::repeatUnknown(RedisContext &redis, std::span<const ScriptCall> calls,
                                      std::vector<RedisReply> &replies, Instant deadline) const
{
    std::vector<size_t> unknown;
    std::vector<RedisCommand> commands;
    for (size_t i = 0; i < calls.size(); ++i) {
        if (!isScriptMissing(replies[i]))
            continue;
        commands.push_back(unknown.empty() ? call("EVAL"_ba, m_text, calls[i].keys, calls[i].arguments)
                                           : call("EVALSHA"_ba, m_sha, calls[i].keys, calls[i].arguments));
        unknown.push_back(i);
    }
    if (unknown.empty())
        return {};
    auto repeated = redis.pipeline(commands, deadline);
    if (!repeated)
        return Failure(repeated.error());
    for (size_t i = 0; i < unknown.size(); ++i)
        replies[unknown[i]] = std::move((*repeated)[i]);
    return {};
}

} // namespace throughline
