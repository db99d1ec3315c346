// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/statuscommand.h"

#include "cli/exitcodes.h"
#include "cli/storestatus.h"
#include "stores/postgres/pgconninfo.h"

#include <QJsonArray>

#include <algorithm>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

QString preparationWord(Preparation preparation)
{
    switch (preparation) {
    case Preparation::None:
        return u"none"_s;
    case Preparation::Partial:
        return u"partial"_s;
    case Preparation::Complete:
        return u"complete"_s;
    case Preparation::Newer:
        break;
    }
    return u"newer"_s;
}

QString environmentWord(Environment environment)
{
    switch (environment) {
    case Environment::Development:
        return u"development"_s;
    case Environment::Production:
        return u"production"_s;
    case Environment::ReadOnly:
        break;
    }
    return u"read-only"_s;
}

QString addressOf(const RedisUrl &url)
{
    if (url.transport == RedisUrl::Transport::Unix)
        return "unix://"_L1 + url.socketPath + "?db="_L1 + QString::number(url.database);
    const QString scheme = url.transport == RedisUrl::Transport::Tls ? u"rediss"_s : u"redis"_s;
    return u"%1://%2:%3/%4"_s.arg(scheme, url.host).arg(url.port).arg(url.database);
}

struct ShownSetting
{
    QString name;
    QString value;
    QString origin;
};

QString describe(const MappingConfig &mapping)
{
    return u"%1 by %2 -> %3*, %4 fields"_s.arg(mapping.table, mapping.keyColumn, QString::fromUtf8(mapping.prefix))
        .arg(mapping.fields.size());
}

/// As the section of the file is called.
QString settingName(const AppConfig &config, const MappingConfig &mapping)
{
    return &mapping == &config.mappings.front() ? u"mapping"_s : "mapping:"_L1 + mapping.label;
}

QString mappingOrigin(const AppConfig &config, const MappingConfig &mapping)
{
    return mapping == MappingConfig::users() ? Command::tr("default") : config.file.value;
}

/// Settings with their passwords taken out.
std::vector<ShownSetting> shownSettings(const Session &session)
{
    const AppConfig &config = session.config();
    const QString sandbox = Command::tr("sandbox");
    const bool given = !config.usesSandbox();
    const QString conninfo = withoutPassword(session.engineSettings().conninfo);
    const QString redis = addressOf(session.engineSettings().redis);
    std::vector<ShownSetting> settings{
        {u"configuration"_s, config.file.value.isEmpty() ? Command::tr("no file") : config.file.value,
         config.file.origin},
        {u"postgres"_s, conninfo, given ? config.conninfo.origin : sandbox},
        {u"redis"_s, redis, given ? config.redisUrl.origin : sandbox},
        {u"environment"_s, environmentWord(session.environment()),
         config.environment ? config.environmentText.origin : Command::tr("default")},
        {u"keyspace_events"_s, config.keyspaceEvents == KeyspaceEvents::Add ? u"add"_s : u"leave"_s,
         config.keyspaceEventsText.origin},
    };
    for (const MappingConfig &mapping : config.mappings)
        settings.push_back({settingName(config, mapping), describe(mapping), mappingOrigin(config, mapping)});
    if (!given)
        settings.push_back({u"data"_s, session.dataDirectory(),
                            config.dataDir.value.isEmpty() ? Command::tr("default") : config.dataDir.origin});
    return settings;
}

QJsonObject storeJson(const std::optional<StoreError> &error, const QString &version)
{
    if (error)
        return {{u"reachable"_s, false}, {u"error"_s, error->message}};
    return {{u"reachable"_s, true}, {u"version"_s, version}};
}

QJsonObject jsonOf(const TableInspection &table, const MappingConfig &config)
{
    return {{u"name"_s, config.table},
            {u"label"_s, config.label},
            {u"exists"_s, table.exists},
            {u"preparation"_s, preparationWord(table.preparation)},
            {u"schema_version"_s, table.schemaVersion},
            {u"problems"_s, QJsonArray::fromStringList(table.problems)}};
}

QJsonArray jsonOf(const std::vector<AliveGateway> &gateways)
{
    QJsonArray list;
    for (const AliveGateway &gateway : gateways)
        list << QJsonObject{{u"program"_s, gateway.program},
                            {u"node"_s, gateway.node},
                            {u"address"_s, gateway.address},
                            {u"since"_s, gateway.since}};
    return list;
}

QJsonObject jsonOf(const StoreStatus &status, const Session &session)
{
    QJsonObject settings;
    for (const ShownSetting &setting : shownSettings(session))
        settings.insert(setting.name, QJsonObject{{u"value"_s, setting.value}, {u"origin"_s, setting.origin}});
    QJsonObject json{{u"postgres"_s, storeJson(status.postgresError, status.postgresVersion)},
                     {u"redis"_s, storeJson(status.redisError, status.redisVersion)},
                     {u"outbox_rows"_s, status.outboxRows},
                     {u"outbox_age_s"_s, status.outboxAgeS},
                     {u"nodes"_s, status.connectedNodes},
                     {u"gateways"_s, qint64(std::ssize(status.gateways))},
                     {u"gateway_list"_s, jsonOf(status.gateways)},
                     {u"unsettled_operations"_s, status.unsettledOperations},
                     {u"staged_keys"_s, status.stagedKeys},
                     {u"staged_complete"_s, status.stagedComplete},
                     {u"staged_announced"_s, status.stagedAnnounced},
                     {u"settings"_s, settings}};
    QJsonArray tables;
    for (size_t i = 0; i < status.tables.size(); ++i)
        tables << jsonOf(status.tables[i], session.config().mappings[i]);
    if (!tables.isEmpty())
        json.insert(u"table"_s, tables.first());
    json.insert(u"tables"_s, tables);
    return json;
}

QString describe(const AliveGateway &gateway)
{
    QString text = Command::tr("%1, node %2").arg(gateway.program).arg(gateway.node);
    if (!gateway.address.isEmpty())
        text += ", "_L1 + gateway.address;
    if (!gateway.since.isEmpty())
        text += ", "_L1 + Command::tr("since %1").arg(gateway.since);
    return text;
}

void print(const StoreStatus &status, const Session &session, Console &console)
{
    const auto row = [&](const QString &name, const QString &value) { console.line(name.leftJustified(16) + value); };
    row(u"PostgreSQL"_s, status.postgresError ? status.postgresError->message : status.postgresVersion);
    row(u"Redis"_s, status.redisError ? status.redisError->message : status.redisVersion);
    for (size_t i = 0; i < status.tables.size(); ++i) {
        const TableInspection &table = status.tables[i];
        row(u"Table"_s, table.exists ? table.mapping.qualifiedName() : session.config().mappings[i].table);
        for (const QString &problem : table.problems)
            row({}, problem);
        row(u"Preparation"_s,
            Command::tr("%1 (version %2)").arg(preparationWord(table.preparation)).arg(table.schemaVersion));
    }
    row(u"Outbox"_s,
        Command::tr("%1 rows, the oldest %2 s old").arg(status.outboxRows).arg(status.outboxAgeS, 0, 'f', 1));
    row(u"Nodes"_s, Command::tr("%1 connected, %2 of them keep the cache up to date")
                        .arg(status.connectedNodes)
                        .arg(std::ssize(status.gateways)));
    for (const AliveGateway &gateway : status.gateways)
        row(u"Gateway"_s, describe(gateway));
    row(u"Unsettled"_s, Command::tr("%1 operations of unknown outcome").arg(status.unsettledOperations));
    row(u"Staged keys"_s,
        status.stagedComplete ? QString::number(status.stagedKeys) : Command::tr("at least %1").arg(status.stagedKeys));
    if (!status.redisError && !status.stagedAnnounced)
        row({},
            Command::tr("Redis does not announce them (notify-keyspace-events has no K and h), so gateways look for "
                        "them five times a second."));
    for (const ShownSetting &setting : shownSettings(session))
        row(setting.name, setting.value + "  ("_L1 + setting.origin + u')');
}

} // namespace

StatusCommand::StatusCommand()
    : Command({u"status"_s,
               tr("what can be reached, what waits, and where each setting is from"),
               {},
               u"throughlinectl status --json"_s})
{
}

QString StatusCommand::take(const QCommandLineParser &, const QStringList &arguments)
{
    return arguments.isEmpty() ? QString() : tr("\"status\" takes no arguments.");
}

SessionOptions StatusCommand::sessionOptions() const
{
    SessionOptions options;
    options.opensTable = false;
    return options;
}

void StatusCommand::run(Session &session, Console &console)
{
    const StoreStatus status =
        StoreStatus::gather(session.engineSettings(), session.config().mappings, StoreStatus::Depth::Full);
    if (console.wantsJson())
        console.json(jsonOf(status, session));
    else
        print(status, session, console);
    const bool mistaken =
        std::ranges::any_of(status.tables, [](const TableInspection &table) { return !table.usable(); });
    Q_EMIT finished(!status.reachable() ? exitcode::unavailable : mistaken ? exitcode::usage : exitcode::done);
}

} // namespace throughline::cli
