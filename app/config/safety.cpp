// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/safety.h"

#include <QCoreApplication>
#include <QHash>
#include <QStringList>

#include <algorithm>
#include <arpa/inet.h>
#include <libpq-fe.h>
#include <memory>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(throughline::Safety)
};

/// What a conninfo names; no value when libpq cannot take it apart.
std::optional<QHash<QString, QString>> parametersOf(const QString &conninfo)
{
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(conninfo.toUtf8().constData(), nullptr), &PQconninfoFree);
    if (!options)
        return std::nullopt;
    QHash<QString, QString> parameters;
    for (const PQconninfoOption *option = options.get(); option->keyword; ++option) {
        if (option->val && *option->val != '\0')
            parameters.insert(QString::fromUtf8(option->keyword), QString::fromUtf8(option->val));
    }
    return parameters;
}

bool isLoopbackAddress(const QByteArray &address)
{
    in_addr v4{};
    if (inet_pton(AF_INET, address.constData(), &v4) == 1)
        return (ntohl(v4.s_addr) >> 24) == 127;
    in6_addr v6{};
    return inet_pton(AF_INET6, address.constData(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

// An empty host and a directory (or @name) are Unix sockets.
bool isThisMachine(const QString &host)
{
    return host.isEmpty() || host.startsWith('/'_L1) || host.startsWith('@'_L1) ||
           host.compare("localhost"_L1, Qt::CaseInsensitive) == 0 || isLoopbackAddress(host.toUtf8());
}

bool areThisMachine(const QStringList &hosts)
{
    return std::all_of(hosts.begin(), hosts.end(), [](const QString &host) { return isThisMachine(host.trimmed()); });
}

bool postgresIsThisMachine(const QString &conninfo, const QProcessEnvironment &variables)
{
    const auto parameters = parametersOf(conninfo);
    if (!parameters)
        return false;
    const auto effective = [&](const QString &keyword, const QString &variable) {
        const QString named = parameters->value(keyword);
        return named.isEmpty() ? variables.value(variable) : named;
    };
    // What a service file says is not known here.
    if (!effective(u"service"_s, u"PGSERVICE"_s).isEmpty())
        return false;
    // hostaddr decides where the connection goes; host is only its name then, or stands in for an empty entry.
    const QStringList addresses = effective(u"hostaddr"_s, u"PGHOSTADDR"_s).split(','_L1);
    if (!areThisMachine(addresses))
        return false;
    return !addresses.contains(QString()) || areThisMachine(effective(u"host"_s, u"PGHOST"_s).split(','_L1));
}

bool redisIsThisMachine(const RedisUrl &redis)
{
    return redis.transport == RedisUrl::Transport::Unix || isThisMachine(redis.host);
}

bool holdsPasswordWord(const QString &conninfo)
{
    return conninfo.contains("password"_L1, Qt::CaseInsensitive) || conninfo.contains(u'@');
}

// libpq's own words quote a part of the text, which may be a part of a password; only the name of an option is
// repeated.
QString reasonOf(const QString &conninfo)
{
    char *text = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(conninfo.toUtf8().constData(), &text), &PQconninfoFree);
    const std::unique_ptr<char, decltype(&PQfreemem)> owned(text, &PQfreemem);
    const QString message = QString::fromUtf8(text).trimmed();
    if (message.startsWith("invalid connection option"_L1) && !holdsPasswordWord(conninfo))
        return message;
    if (message.startsWith("missing \"=\""_L1))
        return Words::tr("a word has no \"=\" after it; a value with spaces needs single quotes");
    return Words::tr("an option is unknown or a value is not quoted");
}

} // namespace

Environment environmentFor(const QString &conninfo, const RedisUrl &redis, std::optional<Environment> configured,
                           const QProcessEnvironment &variables)
{
    if (configured)
        return *configured;
    const bool here = postgresIsThisMachine(conninfo, variables) && redisIsThisMachine(redis);
    return here ? Environment::Development : Environment::Production;
}

Result<void> checkConninfo(const QString &conninfo)
{
    if (parametersOf(conninfo))
        return {};
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.store = Store::Postgres;
    error.message =
        Words::tr("The address of PostgreSQL cannot be used, because libpq cannot read it (%1). Write it as "
                  "host=... port=... dbname=... user=..., or as postgresql://user@host:port/database.")
            .arg(reasonOf(conninfo));
    return Failure(error);
}

bool holdsPassword(const QString &conninfo)
{
    const auto parameters = parametersOf(conninfo);
    if (!parameters)
        return conninfo.contains("password"_L1) || conninfo.contains('@'_L1);
    return parameters->contains(u"password"_s) || parameters->contains(u"sslpassword"_s);
}

// Also in a text that is no proper address: it is refused later, with the file as it is.
bool redisUrlHoldsPassword(const QString &url)
{
    return url.contains('@'_L1);
}

} // namespace throughline
