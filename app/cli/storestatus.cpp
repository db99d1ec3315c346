// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/storestatus.h"

#include "engine/operationjournal.h"
#include "engine/upkeep.h"
#include "session/statedirectory.h"
#include "session/tableset.h"
#include "stores/postgres/outboxstore.h"
#include "stores/redis/keyscan.h"
#include "stores/redis/rediscontext.h"
#include "stores/redis/stagingevents.h"

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds scanTime{2000};

AliveGateway gatewayOf(const PgResult &nodes, int row)
{
    QString program = QString::fromUtf8(nodes.text(row, 1));
    program.chop(static_cast<qsizetype>(qstrlen(Upkeep::applicationSuffix)));
    return {nodes.text(row, 0).toLongLong(), program, QString::fromUtf8(nodes.text(row, 2)),
            QString::fromUtf8(nodes.text(row, 3))};
}

/// Whoever holds the lock of its node is alive. PostgreSQL shows program names to everybody, the rest only to roles
/// that may see it.
void readNodes(PgConnection &connection, Instant deadline, StoreStatus &status)
{
    const auto nodes = connection.run(
        {"SELECT objid::text,application_name,CASE WHEN client_port=-1 THEN 'local' ELSE host(client_addr) END,"
         "to_char(backend_start AT TIME ZONE 'UTC','YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
         "FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype='advisory' AND classid=7461 AND objsubid=2 "
         "AND granted AND database=(SELECT oid FROM pg_database WHERE datname=current_database()) "
         "ORDER BY backend_start,objid",
         {}},
        deadline);
    if (!nodes)
        return;
    status.connectedNodes = nodes->rows();
    for (int i = 0; i < nodes->rows(); ++i) {
        if (nodes->text(i, 1).endsWith(Upkeep::applicationSuffix))
            status.gateways.push_back(gatewayOf(*nodes, i));
    }
}

void readOutbox(PgConnection &connection, Instant deadline, StoreStatus &status)
{
    QByteArrayList labels;
    QString schema;
    for (const TableInspection &table : status.tables) {
        if (table.preparation == Preparation::None)
            continue;
        labels << table.mapping.config.label.toUtf8();
        schema = table.mapping.protocolSchema;
    }
    if (labels.isEmpty())
        return;
    OutboxStore outbox(connection, schema);
    if (const auto waiting = outbox.waiting(labels, deadline)) {
        status.outboxRows = waiting->rows;
        status.outboxAgeS = waiting->oldestS;
    }
    readNodes(connection, deadline, status);
    status.unsettledOperations = OperationJournal::count(stateDirectoryOf(connection, deadline));
}

void readPostgres(const EngineSettings &settings, const std::vector<MappingConfig> &mappings, StoreStatus &status)
{
    PgConnection connection({settings.conninfo, settings.applicationName, settings.connectTimeout}, nullptr);
    if (const auto open = connection.open(); !open) {
        status.postgresError = open.error();
        return;
    }
    status.postgresVersion = connection.serverVersion();
    PgSchema schema(connection);
    const auto tables = TableSet::inspect(schema, mappings);
    if (!tables) {
        status.postgresError = tables.error();
        return;
    }
    status.tables = tables->inspections();
    readOutbox(connection, Clock::now() + settings.statementDeadline, status);
}

/// What is staged, and what a gateway has taken and not answered yet.
void countStaged(RedisContext &redis, const MappingConfig &config, Instant deadline, StoreStatus &status)
{
    Mapping mapping; // the names need no more than the configuration
    mapping.config = config;
    KeyScan scan(redis, Keyspace(mapping, {}), KeyScan::Of::Staged);
    while (!scan.atEnd()) {
        const auto keys = scan.next(deadline);
        if (!keys) {
            status.stagedComplete = false;
            return;
        }
        status.stagedKeys += std::ssize(*keys);
    }
}

void readRedis(const EngineSettings &settings, const std::vector<MappingConfig> &mappings, StoreStatus::Depth depth,
               StoreStatus &status)
{
    RedisContext redis({settings.redis, settings.applicationName, settings.connectTimeout}, nullptr);
    if (const auto open = redis.open(); !open) {
        status.redisError = open.error();
        return;
    }
    if (const auto pong = redis.run({"PING"_ba}, Clock::now() + settings.readDeadline); !pong) {
        status.redisError = pong.error();
        return;
    }
    if (depth == StoreStatus::Depth::Quick)
        return;
    status.stagedAnnounced = StagingEvents::areAnnounced(redis, Clock::now() + settings.connectTimeout)
                                 .value_or(std::nullopt)
                                 .value_or(false);
    status.redisVersion = redis.serverVersion(Clock::now() + settings.connectTimeout);
    const Instant deadline = Clock::now() + scanTime;
    for (const MappingConfig &mapping : mappings)
        countStaged(redis, mapping, deadline, status);
}

} // namespace

StoreStatus StoreStatus::gather(const EngineSettings &settings, const std::vector<MappingConfig> &mappings, Depth depth)
{
    StoreStatus status;
    readPostgres(settings, mappings, status);
    readRedis(settings, mappings, depth, status);
    return status;
}

} // namespace throughline::cli
