// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/gatewayhealth.h"

#include "cli/exitcodes.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr double longestWaitS = 60;

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(GatewayHealth)
};

} // namespace

GatewayHealth GatewayHealth::of(const StoreStatus &status)
{
    GatewayHealth health;
    for (const auto &error : {status.postgresError, status.redisError}) {
        if (!error)
            continue;
        health.reasons << error->message;
        if (exitcode::of(*error) == exitcode::unavailable)
            health.exitCode = exitcode::unavailable;
    }
    for (const TableInspection &table : status.tables) {
        health.reasons += table.problems;
        if (table.usable() && table.preparation != Preparation::Complete)
            health.reasons << Tr::tr("%1 is not prepared for write-through.").arg(table.mapping.qualifiedName());
    }
    if (!status.postgresError && status.gateways.empty())
        health.reasons << Tr::tr("No gateway and no window keeps the cache up to date.");
    if (status.outboxAgeS >= longestWaitS)
        health.reasons
            << Tr::tr("The oldest change that waits for the cache is %1 s old.").arg(status.outboxAgeS, 0, 'f', 0);
    if (!health.good() && health.exitCode == exitcode::done)
        health.exitCode = exitcode::failed;
    return health;
}

QJsonObject healthJson(const GatewayHealth &health, const StoreStatus &status)
{
    return {{u"healthy"_s, health.good()},
            {u"reasons"_s, QJsonArray::fromStringList(health.reasons)},
            {u"gateways"_s, qint64(std::ssize(status.gateways))},
            {u"outbox_rows"_s, status.outboxRows},
            {u"outbox_age_s"_s, status.outboxAgeS}};
}

} // namespace throughline::cli
