// SPDX-License-Identifier: GPL-3.0-or-later
#include "schemafixture.h"

namespace throughline {

using namespace Qt::StringLiterals;

SchemaFixture::SchemaFixture(TestServers &servers)
    : m_servers(servers)
{
    m_settings.conninfo = servers.freshDatabase();
    servers.flushRedis();
    if (const auto url = RedisUrl::parse(servers.redisUrl()))
        m_settings.redis = *url;
    m_settings.applicationName = u"throughline-test"_s;
}

bool SchemaFixture::run(const QString &sql)
{
    if (m_servers.execute(conninfo(), sql))
        return true;
    qWarning("%s", qPrintable(m_servers.error()));
    return false;
}

QByteArray SchemaFixture::value(const QString &sql)
{
    return m_servers.scalar(conninfo(), sql).value_or(m_servers.error().toUtf8());
}

QByteArray SchemaFixture::catalog()
{
    return value(
        uR"(WITH spaces AS (SELECT oid FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema')
 SELECT string_agg(line, E'\n' ORDER BY line) FROM (
  SELECT concat_ws(' ', 'class', c.oid::regclass, c.relkind, c.relacl, c.reloptions, c.relreplident) AS line
   FROM pg_class c WHERE c.relnamespace IN (SELECT oid FROM spaces)
  UNION ALL SELECT concat_ws(' ', 'column', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
   a.attidentity, a.attgenerated, a.attacl, pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum))
   FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE c.relnamespace IN (SELECT oid FROM spaces) AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT concat_ws(' ', 'trigger', t.tgrelid::regclass, t.tgname, t.tgenabled, pg_get_triggerdef(t.oid))
   FROM pg_trigger t WHERE NOT t.tgisinternal
  UNION ALL SELECT concat_ws(' ', 'function', p.oid::regprocedure, p.proacl, md5(p.prosrc))
   FROM pg_proc p WHERE p.pronamespace IN (SELECT oid FROM spaces)
  UNION ALL SELECT concat_ws(' ', 'constraint', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
   FROM pg_constraint k WHERE k.connamespace IN (SELECT oid FROM spaces)
  UNION ALL SELECT concat_ws(' ', 'schema', n.nspname, n.nspacl) FROM pg_namespace n WHERE n.oid IN (SELECT oid FROM spaces)) s)"_s);
}

TableInspection SchemaFixture::inspect(const MappingConfig &config, const QString &role)
{
    const QString asRole = role.isEmpty() ? QString() : " options='-c role="_L1 + role + u'\'';
    PgConnection connection({conninfo() + asRole, u"throughline-test"_s}, nullptr);
    const auto found = connection.open().and_then([&] { return PgSchema(connection).inspect(config); });
    if (!found)
        qWarning("%s", qPrintable(found.error().message));
    return found.value_or(TableInspection());
}

QString SchemaFixture::prepare(const MappingConfig &config)
{
    return execute(config, &PgSchema::prepareSql);
}

QString SchemaFixture::unprepare(const MappingConfig &config)
{
    return execute(config, &PgSchema::unprepareSql);
}

QString SchemaFixture::execute(const MappingConfig &config, QString (*sql)(const Mapping &))
{
    const TableInspection found = inspect(config);
    if (!found.usable())
        return u"not usable: "_s + found.problems.join(u' ');
    PgConnection connection({conninfo(), u"throughline-test"_s}, nullptr);
    const auto done = connection.open().and_then([&] { return PgSchema(connection).execute(sql(found.mapping)); });
    return done ? QString() : done.error().message;
}

MappingConfig SchemaFixture::mapping(const QString &table, const QString &key, const QStringList &columns,
                                     const QString &label)
{
    MappingConfig config;
    config.label = label.isEmpty() ? table : label;
    config.table = table;
    config.keyColumn = key;
    config.prefix = config.label.toUtf8() + ':';
    config.stagingPrefix = "__"_ba;
    for (const QString &column : columns)
        config.fields.push_back({column.toUtf8(), column});
    return config;
}

} // namespace throughline
