// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/rediserror.h"

#include <QCoreApplication>

#include <utility>

namespace throughline::rediserror {

using namespace Qt::StringLiterals;

namespace {

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(RedisError)
};

ErrorKind kindOf(const QString &code)
{
    static const std::pair<QLatin1StringView, ErrorKind> kinds[]{
        {"NOAUTH"_L1, ErrorKind::Authentication},   {"WRONGPASS"_L1, ErrorKind::Authentication},
        {"NOPERM"_L1, ErrorKind::PermissionDenied}, {"NOSCRIPT"_L1, ErrorKind::ScriptMissing},
        {"OOM"_L1, ErrorKind::OutOfMemory},         {"LOADING"_L1, ErrorKind::Transient},
        {"BUSY"_L1, ErrorKind::Transient},          {"TRYAGAIN"_L1, ErrorKind::Transient},
        {"MASTERDOWN"_L1, ErrorKind::Transient},    {"READONLY"_L1, ErrorKind::Misconfigured},
        {"MOVED"_L1, ErrorKind::Misconfigured},     {"CROSSSLOT"_L1, ErrorKind::Misconfigured},
        {"WRONGTYPE"_L1, ErrorKind::InvalidValue},
    };
    for (const auto &[name, kind] : kinds) {
        if (code == name)
            return kind;
    }
    return ErrorKind::Other;
}

QString sentenceFor(ErrorKind kind, const QString &code, const QString &text)
{
    switch (kind) {
    case ErrorKind::Authentication:
        return code == "NOAUTH"_L1
                   ? Tr::tr("Redis wants a password. Give it in the address: redis://:PASSWORD@host or "
                            "redis://user:PASSWORD@host.")
                   : Tr::tr("Redis refused user or password. Check them in the address of the connection.");
    case ErrorKind::PermissionDenied:
        return Tr::tr("Redis does not allow this command to the user of the connection (%1).").arg(code);
    case ErrorKind::OutOfMemory:
        return Tr::tr("Redis is over its memory limit (maxmemory) and refuses writes.");
    case ErrorKind::Transient:
        return Tr::tr("Redis cannot serve yet (%1).").arg(code);
    default:
        if (code == "READONLY"_L1)
            return Tr::tr("This Redis is a replica. Connect to its master.");
        if (code == "MOVED"_L1)
            return Tr::tr("This Redis belongs to a cluster, which is not supported.");
        return Tr::tr("Redis refused the command: %1").arg(text);
    }
}

} // namespace

StoreError fromReply(const QByteArray &text)
{
    // An unknown command is answered with its arguments, which may be values or a password.
    const QString message = QString::fromUtf8(text).section(u", with args"_s, 0, 0);
    StoreError error;
    error.store = Store::Redis;
    error.code = message.section(u' ', 0, 0);
    // Old servers say it without a code of its own.
    if (message.contains("invalid password"_L1) || message.contains("invalid username-password"_L1))
        error.code = u"WRONGPASS"_s;
    error.kind = kindOf(error.code);
    error.message = sentenceFor(error.kind, error.code, message);
    error.sent = true;
    return error;
}

StoreError fromConnect(const QString &address, const QString &reason)
{
    StoreError error;
    error.kind = ErrorKind::Unreachable;
    error.store = Store::Redis;
    error.message = Tr::tr("Redis at %1 cannot be reached: %2.").arg(address, reason);
    return error;
}

StoreError lost(ErrorKind kind, bool sent)
{
    StoreError error;
    error.kind = kind;
    error.store = Store::Redis;
    error.sent = sent;
    error.message = kind == ErrorKind::Timeout       ? Tr::tr("Redis did not answer in time.")
                    : kind == ErrorKind::Interrupted ? Tr::tr("The wait for Redis was cancelled.")
                                                     : Tr::tr("The connection to Redis broke.");
    return error;
}

StoreError unexpected()
{
    StoreError error;
    error.kind = ErrorKind::Protocol;
    error.store = Store::Redis;
    error.message = Tr::tr("Redis answered in a form that was not expected.");
    return error;
}

} // namespace throughline::rediserror
