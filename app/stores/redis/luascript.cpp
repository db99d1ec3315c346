// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/luascript.h"

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

RedisCommand call(const QByteArray &verb, const QByteArray &script, std::span<const QByteArray> keys,
                  std::span<const QByteArray> arguments)
{
    RedisCommand command{verb, script, QByteArray::number(static_cast<qsizetype>(keys.size()))};
    command.insert(command.end(), keys.begin(), keys.end());
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

} // namespace

LuaScript::LuaScript(QByteArray text)
    : m_text(std::move(text))
    , m_sha(QCryptographicHash::hash(m_text, QCryptographicHash::Sha1).toHex())
{
}

LuaScript LuaScript::put()
{
    return LuaScript(shebang + resource(u"common.lua"_s) + resource(u"wt_put.lua"_s));
}

LuaScript LuaScript::read()
{
    return LuaScript(shebang + resource(u"wt_read.lua"_s));
}

Result<RedisReply> LuaScript::run(RedisContext &redis, std::span<const QByteArray> keys,
                                  std::span<const QByteArray> arguments, Instant deadline) const
{
    auto reply = redis.run(call("EVALSHA"_ba, m_sha, keys, arguments), deadline);
    if (reply || reply.error().kind != ErrorKind::ScriptMissing)
        return reply;
    return redis.run(call("EVAL"_ba, m_text, keys, arguments), deadline);
}

} // namespace throughline
