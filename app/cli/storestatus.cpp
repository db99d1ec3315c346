// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/storestatus.h"

#include "engine/operationjournal.h"
#include "engine/upkeep.h"
#include "session/statedirectory.h"
#include "stores/postgres/outboxstore.h"
#include "stores/redis/rediscontext.h"

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds scanTime{2000};

void readOutbox(PgConnection &connection, const Mapping &mapping, Instant deadline, StoreStatus &status)
{
    OutboxStore outbox(connection, mapping.protocolSchema);
    if (const auto waiting = outbox.waiting({mapping.config.label.toUtf8()}, deadline)) {
        status.outboxRows = waiting->rows;
        status.outboxAgeS = waiting->oldestS;
    }
    const auto nodes =
        connection.run({"SELECT count(*)::text,count(*) FILTER (WHERE application_name LIKE $1)::text FROM pg_locks "
                        "JOIN pg_stat_activity USING (pid) WHERE locktype='advisory' AND classid=7461 AND objsubid=2 "
                        "AND granted AND database=(SELECT oid FROM pg_database WHERE datname=current_database())",
                        {QByteArray("%") + Upkeep::applicationSuffix}},
                       deadline);
    if (nodes) {
        status.connectedNodes = nodes->text(0, 0).toLongLong();
        status.upkeepNodes = nodes->text(0, 1).toLongLong();
    }
    status.unsettledOperations = OperationJournal::count(stateDirectoryOf(connection, deadline));
}

void readPostgres(const EngineSettings &settings, const MappingConfig &config, StoreStatus &status)
{
    PgConnection connection({settings.conninfo, settings.applicationName, settings.connectTimeout}, nullptr);
    if (const auto open = connection.open(); !open) {
        status.postgresError = open.error();
        return;
    }
    status.postgresVersion = connection.serverVersion();
    auto table = PgSchema(connection).inspect(config);
    if (!table) {
        status.postgresError = table.error();
        return;
    }
    status.table = std::move(*table);
    if (status.table->preparation != Preparation::None)
        readOutbox(connection, status.table->mapping, Clock::now() + settings.statementDeadline, status);
}

void countStaged(RedisContext &redis, const MappingConfig &config, StoreStatus &status)
{
    QByteArray pattern = config.stagingPrefix + '{' + config.prefix;
    for (const char special : {'*', '?', '['})
        pattern.replace(special, QByteArray("\\") + special);
    const Instant deadline = Clock::now() + scanTime;
    QByteArray cursor = "0"_ba;
    do {
        const auto reply = redis.run({"SCAN"_ba, cursor, "MATCH"_ba, pattern + "*}", "COUNT"_ba, "1000"_ba}, deadline);
        if (!reply) {
            status.stagedComplete = false;
            return;
        }
        cursor = reply->textAt(0);
        status.stagedKeys += std::ssize(reply->textsAt(1));
    } while (cursor != "0");
}

void readRedis(const EngineSettings &settings, const MappingConfig &config, StoreStatus &status)
{
    RedisContext redis({settings.redis, settings.applicationName, settings.connectTimeout}, nullptr);
    if (const auto open = redis.open(); !open) {
        status.redisError = open.error();
        return;
    }
    status.redisVersion = redis.serverVersion(Clock::now() + settings.connectTimeout);
    countStaged(redis, config, status);
}

} // namespace

StoreStatus StoreStatus::gather(const EngineSettings &settings, const MappingConfig &mapping)
{
    StoreStatus status;
    readPostgres(settings, mapping, status);
    readRedis(settings, mapping, status);
    return status;
}

} // namespace throughline::cli
