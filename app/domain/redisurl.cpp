// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/redisurl.h"

#include <QFile>

#include <algorithm>
#include <optional>
#include <sys/un.h>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestSocketPath = sizeof(sockaddr_un::sun_path) - 1;

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(throughline::RedisUrl)
};

Failure mistake(const QString &what)
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.store = Store::Redis;
    error.message = Words::tr("The address of Redis cannot be used: %1. Write it as "
                              "redis://user:password@host:port/database or unix:///path/to/socket.")
                        .arg(what);
    return Failure(error);
}

bool isHex(QChar c)
{
    return (c >= '0'_L1 && c <= '9'_L1) || (c >= 'a'_L1 && c <= 'f'_L1) || (c >= 'A'_L1 && c <= 'F'_L1);
}

/// The text behind %XX; no value for an escape that is none, a zero byte, or bytes that are not UTF-8.
std::optional<QString> decoded(const QString &text)
{
    for (qsizetype at = text.indexOf('%'_L1); at >= 0; at = text.indexOf('%'_L1, at + 1)) {
        if (at + 2 >= text.size() || !isHex(text[at + 1]) || !isHex(text[at + 2]))
            return std::nullopt;
    }
    const QByteArray bytes = QByteArray::fromPercentEncoding(text.toUtf8());
    const QString result = QString::fromUtf8(bytes);
    if (bytes.contains('\0') || result.toUtf8() != bytes)
        return std::nullopt;
    return result;
}

Result<void> readUser(const QString &text, RedisUrl &url)
{
    const qsizetype colon = text.indexOf(':'_L1);
    if (colon < 0)
        return mistake(Words::tr("it names a user but no password (a password alone is written :password@)"));
    const auto user = decoded(text.left(colon));
    const auto password = decoded(text.mid(colon + 1));
    if (!user || !password)
        return mistake(Words::tr("its user or password has a % that is not followed by the two digits of a character "
                                 "(a % itself is written %25)"));
    if (password->isEmpty())
        return mistake(Words::tr("its password is empty"));
    url.user = *user;
    url.password = *password;
    return {};
}

Result<void> readDatabase(const QString &text, RedisUrl &url)
{
    bool isNumber = false;
    url.database = text.toInt(&isNumber);
    if (isNumber && url.database >= 0 && !text.startsWith('+'_L1))
        return {};
    return mistake(Words::tr("its database is not a number from 0 on"));
}

Result<void> readPort(const QString &text, RedisUrl &url)
{
    bool isNumber = false;
    url.port = text.toInt(&isNumber);
    if (isNumber && url.port >= 1 && url.port <= 65535)
        return {};
    return mistake(Words::tr("its port is not a number from 1 to 65535 (a : / or @ in a password is written %3A, %2F "
                             "or %40)"));
}

Result<void> readHost(const QString &text, RedisUrl &url)
{
    const auto host = decoded(text);
    if (!host)
        return mistake(Words::tr("its host has a % that is not followed by the two digits of a character"));
    const bool plain = std::none_of(host->cbegin(), host->cend(), [](QChar c) {
        return c.isSpace() || c.unicode() < 0x20 || c == '/'_L1 || c == '@'_L1 || c == '?'_L1 || c == '#'_L1;
    });
    if (host->isEmpty())
        return mistake(Words::tr("it names no host"));
    if (!plain)
        return mistake(Words::tr("its host has a character that no host name has"));
    url.host = *host;
    return {};
}

/// `host`, `host:port`, `[v6]`, `[v6]:port`
Result<void> readHostAndPort(const QString &text, RedisUrl &url)
{
    const bool bracketed = text.startsWith('['_L1);
    const qsizetype closing = text.indexOf(']'_L1);
    if (bracketed && closing < 0)
        return mistake(Words::tr("the [ before its host has no ]"));
    const QString host = bracketed ? text.mid(1, closing - 1) : text.section(':'_L1, 0, 0);
    const QString rest = bracketed ? text.mid(closing + 1) : text.mid(host.size());
    if (!rest.isEmpty() && !rest.startsWith(':'_L1))
        return mistake(Words::tr("there is something between the ] of its host and the port"));
    if (!bracketed && rest.count(':'_L1) > 1)
        return mistake(Words::tr("its host has several colons (an IPv6 address stands in [ ])"));
    if (const auto read = readHost(host, url); !read)
        return read;
    return rest.isEmpty() ? Result<void>{} : readPort(rest.mid(1), url);
}

Result<RedisUrl> parseNetwork(const QString &rest, RedisUrl::Transport transport)
{
    RedisUrl url;
    url.transport = transport;
    const QString authority = rest.section('/'_L1, 0, 0);
    const QString database = rest.mid(authority.size() + 1);
    if (database.contains('@'_L1))
        return mistake(Words::tr("an @ follows the database (a / in a password is written %2F)"));
    const qsizetype at = authority.lastIndexOf('@'_L1);
    if (at >= 0) {
        if (const auto read = readUser(authority.left(at), url); !read)
            return Failure(read.error());
    }
    if (const auto read = readHostAndPort(authority.mid(at + 1), url); !read)
        return Failure(read.error());
    if (!database.isEmpty()) {
        if (const auto read = readDatabase(database, url); !read)
            return Failure(read.error());
    }
    return url;
}

Result<void> readSocketPath(const QString &text, RedisUrl &url)
{
    const auto path = decoded(text);
    if (!path)
        return mistake(Words::tr("its path has a % that is not followed by the two digits of a character"));
    if (path->size() < 2 || path->endsWith('/'_L1))
        return mistake(Words::tr("it names no socket (the path starts with / and ends with a file name)"));
    if (QFile::encodeName(*path).size() > longestSocketPath)
        return mistake(Words::tr("its path is longer than the %1 bytes that the system allows for a socket")
                           .arg(longestSocketPath));
    url.socketPath = *path;
    return {};
}

Result<RedisUrl> parseUnix(const QString &rest)
{
    RedisUrl url;
    url.transport = RedisUrl::Transport::Unix;
    const QString before = rest.section('/'_L1, 0, 0);
    const QString path = rest.mid(before.size()).section('?'_L1, 0, 0);
    const QString query = rest.mid(before.size() + path.size() + 1);
    if (!before.isEmpty()) {
        if (!before.endsWith('@'_L1))
            return mistake(Words::tr("the path of its socket does not start with /"));
        if (const auto read = readUser(before.chopped(1), url); !read)
            return Failure(read.error());
    }
    if (const auto read = readSocketPath(path, url); !read)
        return Failure(read.error());
    if (!query.isEmpty()) {
        if (!query.startsWith("db="_L1))
            return mistake(Words::tr("only ?db=number may follow the path of its socket"));
        if (const auto read = readDatabase(query.mid(3), url); !read)
            return Failure(read.error());
    }
    return url;
}

} // namespace

Result<RedisUrl> RedisUrl::parse(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return mistake(tr("it is empty"));
    const qsizetype separator = trimmed.indexOf("://"_L1);
    const QString scheme = trimmed.left(std::max<qsizetype>(separator, 0)).toLower();
    const QString rest = trimmed.mid(separator + 3);
    if (scheme == "redis"_L1)
        return parseNetwork(rest, Transport::Tcp);
    if (scheme == "rediss"_L1)
        return parseNetwork(rest, Transport::Tls);
    if (scheme == "unix"_L1)
        return parseUnix(rest);
    return mistake(tr("it starts with none of redis://, rediss:// and unix://"));
}

} // namespace throughline
