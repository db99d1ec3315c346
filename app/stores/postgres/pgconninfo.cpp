// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/pgconninfo.h"

#include "stores/postgres/pgerror.h"

#include <QCoreApplication>

#include <algorithm>
#include <libpq-fe.h>
#include <memory>

namespace throughline {

using namespace Qt::StringLiterals;

Result<ConninfoParameters> parseConninfo(const QString &conninfo)
{
    char *message = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(conninfo.toUtf8().constData(), &message), &PQconninfoFree);
    const std::unique_ptr<char, decltype(&PQfreemem)> ownedMessage(message, &PQfreemem);
    if (!options)
        return Failure(pgerror::fromConninfo(QString::fromUtf8(message)));
    ConninfoParameters parameters;
    for (const auto *option = options.get(); option->keyword; ++option) {
        if (option->val)
            parameters.emplace_back(QString::fromUtf8(option->keyword), QString::fromUtf8(option->val));
    }
    return parameters;
}

QString quotedParameter(const QString &keyword, const QString &value)
{
    QString escaped = value;
    escaped.replace(u'\\', "\\\\"_L1).replace(u'\'', "\\'"_L1);
    return keyword + "='"_L1 + escaped + u'\'';
}

bool hasParameter(const ConninfoParameters &parameters, const QString &keyword)
{
    return std::ranges::any_of(parameters, [&](const auto &parameter) { return parameter.first == keyword; });
}

QString withoutPassword(const QString &conninfo)
{
    QStringList words;
    for (const auto &[keyword, value] : parseConninfo(conninfo).value_or(ConninfoParameters())) {
        if (!keyword.contains("password"_L1))
            words << keyword + u'=' + (value.contains(u' ') || value.isEmpty() ? u'\'' + value + u'\'' : value);
    }
    return words.join(u' ');
}

QString describeConninfo(const QString &conninfo)
{
    const auto parameters = parseConninfo(conninfo);
    if (!parameters)
        return {};
    QString host, database, service;
    for (const auto &[keyword, value] : *parameters) {
        if (keyword == "host"_L1 || (keyword == "hostaddr"_L1 && host.isEmpty()))
            host = value;
        else if (keyword == "dbname"_L1)
            database = value;
        else if (keyword == "service"_L1)
            service = value;
    }
    if (host.isEmpty() && !service.isEmpty())
        return QCoreApplication::translate("Conninfo", "service %1").arg(service);
    if (host.isEmpty() || host.startsWith(u'/'))
        host = QCoreApplication::translate("Conninfo", "this machine");
    return database.isEmpty() ? host : QCoreApplication::translate("Conninfo", "%1 at %2").arg(database, host);
}

} // namespace throughline
