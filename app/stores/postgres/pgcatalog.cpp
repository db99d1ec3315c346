// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/pgcatalog.h"

#include "stores/postgres/pgerror.h"

#include <QCoreApplication>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <algorithm>
#include <utility>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

StoreError queryError(const QSqlQuery &query)
{
    const QSqlError native = query.lastError();
    const QString state = native.nativeErrorCode();
    StoreError error;
    if (state.isEmpty())
        return pgerror::lost(ErrorKind::ConnectionLost, true);
    error.store = Store::Postgres;
    error.code = state;
    error.kind = pgerror::kindOf(state.toLatin1());
    error.message = QCoreApplication::translate("PgCatalog", "The catalog cannot be read: %1")
                        .arg(native.databaseText().section(u'\n', 0, 0));
    return error;
}

/// Runs one query and hands each row to `take`. Trap: the driver takes a colon before a letter for a placeholder, so an
/// array slice [1:n] cannot be written here.
template <class Take>
Result<void> each(const QSqlDatabase &database, const QString &sql, const QVariantList &parameters, Take take)
{
    QSqlQuery query(database);
    query.setForwardOnly(true);
    const bool prepared = query.prepare(sql);
    for (const QVariant &parameter : parameters)
        query.addBindValue(parameter);
    if (!prepared || !query.exec())
        return Failure(queryError(query));
    while (query.next())
        take(query);
    return {};
}

ColumnKind kindOf(const QString &typeName, bool enumeration)
{
    static const std::pair<QLatin1StringView, ColumnKind> kinds[]{
        {"int2"_L1, ColumnKind::Integer},        {"int4"_L1, ColumnKind::Integer},
        {"int8"_L1, ColumnKind::Integer},        {"numeric"_L1, ColumnKind::Numeric},
        {"float4"_L1, ColumnKind::Float},        {"float8"_L1, ColumnKind::Float},
        {"text"_L1, ColumnKind::Text},           {"varchar"_L1, ColumnKind::Text},
        {"bpchar"_L1, ColumnKind::Text},         {"name"_L1, ColumnKind::Text},
        {"citext"_L1, ColumnKind::Text},         {"bool"_L1, ColumnKind::Boolean},
        {"date"_L1, ColumnKind::Date},           {"time"_L1, ColumnKind::Time},
        {"timestamp"_L1, ColumnKind::Timestamp}, {"timestamptz"_L1, ColumnKind::TimestampTz},
        {"uuid"_L1, ColumnKind::Uuid},
    };
    if (enumeration)
        return ColumnKind::Enumeration;
    for (const auto &[name, kind] : kinds) {
        if (typeName == name)
            return kind;
    }
    return ColumnKind::Other;
}

/// atttypmod of the types that have a length or a precision.
void applyModifier(ColumnInfo &column, const QString &typeName, int modifier)
{
    if (modifier < 4)
        return;
    if (column.kind == ColumnKind::Text) {
        column.maxLength = modifier - 4;
    } else if (typeName == "numeric"_L1) {
        column.precision = ((modifier - 4) >> 16) & 0xffff;
        column.scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
    }
}

ColumnInfo columnOf(const QSqlQuery &row)
{
    ColumnInfo column;
    column.name = row.value(0).toString();
    const QString type = row.value(2).toString();
    column.typeName = row.value(1).toString();
    column.castName = row.value(3).toString();
    column.kind = kindOf(type, row.value(9).toBool());
    column.bytes = column.kind == ColumnKind::Integer ? row.value(4).toInt() : 0;
    column.nullable = !row.value(6).toBool();
    column.hasDefault = row.value(7).toBool();
    column.generated = row.value(8).toBool();
    const QString labels = row.value(10).toString();
    column.labels = labels.isEmpty() ? QStringList() : labels.split(u'\n');
    applyModifier(column, type, row.value(5).toInt());
    return column;
}

Result<void> readTable(const QSqlDatabase &database, const QString &table, CatalogTable &out)
{
    return each(database, uR"(SELECT c.oid::bigint, n.nspname::text, c.relname::text,
 c.relkind = 'r' AND c.relpersistence = 'p' AND NOT c.relispartition AND NOT c.relhassubclass,
 pg_has_role(c.relowner, 'USAGE'), has_table_privilege(c.oid, 'SELECT'), has_table_privilege(c.oid, 'INSERT'),
 has_table_privilege(c.oid, 'UPDATE'), has_table_privilege(c.oid, 'DELETE')
 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass(?))"_s,
                {table}, [&out](const QSqlQuery &row) {
                    out.exists = true;
                    out.oid = row.value(0).toLongLong();
                    out.schema = row.value(1).toString();
                    out.name = row.value(2).toString();
                    out.ordinary = row.value(3).toBool();
                    out.owner = row.value(4).toBool();
                    out.maySelect = row.value(5).toBool();
                    out.mayInsert = row.value(6).toBool();
                    out.mayUpdate = row.value(7).toBool();
                    out.mayDelete = row.value(8).toBool();
                });
}

// A domain has the kind of its base type; the cast stays the domain's, so that its checks apply.
Result<void> readColumns(const QSqlDatabase &database, CatalogTable &out)
{
    return each(database, uR"(SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), b.typname::text,
 quote_ident(n.nspname) || '.' || quote_ident(t.typname), b.typlen, greatest(a.atttypmod, CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE -1 END),
 a.attnotnull OR t.typnotnull, a.atthasdef OR a.attidentity <> '', a.attgenerated <> '' OR a.attidentity = 'a',
 b.typtype = 'e', coalesce((SELECT string_agg(e.enumlabel, E'\n' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = b.oid), '')
 FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace n ON n.oid = t.typnamespace
 JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
 WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)"_s,
                {out.oid}, [&out](const QSqlQuery &row) { out.columns.push_back(columnOf(row)); });
}

Result<void> readIndexes(const QSqlDatabase &database, CatalogTable &out)
{
    return each(database, uR"(SELECT c.relname::text, i.indisprimary, i.indnkeyatts,
 (SELECT string_agg(a.attname, E'\n' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n)
  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE k.n <= i.indnkeyatts)
 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE i.indrelid = ?::oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL)"_s,
                {out.oid}, [&out](const QSqlQuery &row) {
                    const QStringList columns = row.value(3).toString().split(u'\n');
                    if (row.value(1).toBool())
                        out.primaryKey = columns;
                    if (row.value(2).toInt() == 1)
                        out.uniques.push_back({row.value(0).toString(), columns.value(0)});
                });
}

Result<void> readKeyDefault(const QSqlDatabase &database, const QString &keyColumn, CatalogTable &out)
{
    return each(database, uR"(SELECT CASE WHEN a.attidentity <> '' THEN
  'nextval(' || quote_literal(pg_get_serial_sequence(quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname)) || ')'
  ELSE pg_get_expr(d.adbin, d.adrelid) END
 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attrelid = ?::oid AND a.attname = ?)"_s,
                {out.oid, keyColumn}, [&out](const QSqlQuery &row) { out.keyDefault = row.value(0).toString(); });
}

Result<void> readProtocol(const QSqlDatabase &database, CatalogTable &out)
{
    out.protocolSchema = out.schema;
    bool shared = false;
    auto found = each(database, uR"(SELECT n.nspname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relname = 'wt_schema' AND c.relkind = 'r' ORDER BY n.nspname = ? DESC, 1 LIMIT 1)"_s,
                      {out.schema}, [&](const QSqlQuery &row) {
                          out.protocolSchema = row.value(0).toString();
                          shared = true;
                      });
    if (found && shared) {
        QString quoted = out.protocolSchema;
        quoted.replace(u'"', "\"\""_L1);
        found = each(database, u"SELECT max(version) FROM \""_s + quoted + u"\".wt_schema"_s, {},
                     [&out](const QSqlQuery &row) { out.schemaVersion = row.value(0).toInt(); });
    }
    if (!found)
        return found;
    return each(database, uR"(SELECT count(*), count(*) FILTER (WHERE tgenabled = 'A'),
 coalesce(col_description(?::oid, (SELECT attnum FROM pg_attribute WHERE attrelid = ?::oid AND attname = 'version' AND NOT attisdropped)), '') LIKE 'throughline:%',
 (SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = ?)
 FROM pg_trigger WHERE tgrelid = ?::oid AND tgname IN ('zzz_wt_insert','zzz_wt_set','zzz_wt_update','wt_ins','wt_upd','wt_del','wt_key','wt_trunc'))"_s,
                {out.oid, out.oid, out.protocolSchema, out.oid}, [&out](const QSqlQuery &row) {
                    out.triggers = row.value(0).toInt();
                    out.triggersAlways = row.value(1).toInt();
                    out.versionIsOurs = row.value(2).toBool();
                    out.mayCreate = row.value(3).toBool();
                });
}

void markUniqueColumns(CatalogTable &table)
{
    for (ColumnInfo &column : table.columns) {
        column.unique = std::ranges::any_of(
            table.uniques, [&](const UniqueConstraint &unique) { return unique.column == column.name; });
    }
}

} // namespace

const ColumnInfo *CatalogTable::column(const QString &columnName) const
{
    const auto found = std::ranges::find(columns, columnName, &ColumnInfo::name);
    return found == columns.end() ? nullptr : &*found;
}

Result<CatalogTable> readCatalog(const QSqlDatabase &database, const QString &table, const QString &keyColumn)
{
    CatalogTable out;
    if (const auto read = readTable(database, table, out); !read)
        return Failure(read.error());
    if (!out.exists)
        return out;
    for (const auto &step : {readColumns(database, out), readIndexes(database, out),
                             readKeyDefault(database, keyColumn, out), readProtocol(database, out)}) {
        if (!step)
            return Failure(step.error());
    }
    markUniqueColumns(out);
    return out;
}

} // namespace throughline
