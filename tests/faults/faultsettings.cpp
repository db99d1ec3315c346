// SPDX-License-Identifier: GPL-3.0-or-later
#include "faultsettings.h"

#include "stores/postgres/pgschema.h"

namespace throughline::faults {

using namespace Qt::StringLiterals;

EngineSettings scaledSettings(const QString &conninfo, const QString &redisUrl, const QString &name)
{
    EngineSettings settings;
    settings.conninfo = conninfo;
    if (const auto url = RedisUrl::parse(redisUrl))
        settings.redis = *url;
    settings.applicationName = name;
    settings.connectTimeout = milliseconds(2000); // libpq knows nothing shorter
    settings.ackDeadline = milliseconds(200);
    settings.readDeadline = milliseconds(200);
    settings.statementDeadline = milliseconds(3000);
    settings.leaseTime = milliseconds(500);
    settings.firstRetry = milliseconds(25);
    settings.lastRetry = milliseconds(500);
    settings.retention = milliseconds(1000);
    settings.pollInterval = milliseconds(50);
    settings.orphanInterval = milliseconds(500);
    settings.claimAge = milliseconds(3000);
    settings.heartbeatInterval = milliseconds(100);
    settings.journalKeep = milliseconds(360'000);
    settings.stagedOwnTime = milliseconds(1000);
    settings.stagedDeadline = milliseconds(3000);
    settings.stagedScanInterval = milliseconds(6000);
    return settings;
}

Result<Mapping> usersMapping(const QString &conninfo)
{
    PgConnection connection({conninfo, u"faults"_s}, nullptr);
    return connection.open()
        .and_then([&] { return PgSchema(connection).inspect(MappingConfig::users()); })
        .map([](TableInspection found) {
            found.mapping.config.ttlMs = 20'000;
            // The audit's trigger writes to its own table only; what a statement returns is what is committed.
            found.mapping.foreignTriggers = false;
            return found.mapping;
        });
}

} // namespace throughline::faults
