// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/pgschema.h"

#include "stores/postgres/pgcatalog.h"
#include "stores/postgres/pgstatements.h"

#include <QCoreApplication>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds longestWork{3'600'000};

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(PgSchema)
};

QString resourceText(const QString &name)
{
    QFile file(u":/sql/"_s + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("resource %s is missing from the program", qPrintable(name));
    return QString::fromUtf8(file.readAll());
}

QString tableLiteral(const Mapping &mapping)
{
    const QByteArray name = quotedIdentifier(mapping.schema) + '.' + quotedIdentifier(mapping.table);
    return QString::fromUtf8(quotedLiteral(name));
}

QString filled(QString sql, const Mapping &mapping)
{
    return sql.replace("{schema}"_L1, QString::fromUtf8(quotedIdentifier(mapping.protocolSchema)))
        .replace("{version}"_L1, QString::number(PgSchema::currentVersion))
        .replace("{table}"_L1, tableLiteral(mapping))
        .replace("{label}"_L1, QString::fromUtf8(quotedLiteral(mapping.config.label.toUtf8())));
}

QStringList keyProblems(const CatalogTable &table, const MappingConfig &config)
{
    if (!table.column(config.keyColumn))
        return {Tr::tr("The key column %1 does not exist in %2.").arg(config.keyColumn, config.table)};
    const bool unique = std::ranges::any_of(
        table.uniques, [&](const UniqueConstraint &found) { return found.column == config.keyColumn; });
    if (table.primaryKey.isEmpty() && !unique)
        return {Tr::tr("%1 has no primary key. A row can be edited only when its key names it alone: add a primary key "
                       "on %2, or a unique index with NOT NULL.")
                    .arg(config.table, config.keyColumn)};
    if (!unique)
        return {Tr::tr("%1 is not unique by itself in %2, so it cannot be the key of the mapping.")
                    .arg(config.keyColumn, config.table)};
    if (table.column(config.keyColumn)->nullable)
        return {Tr::tr("The key column %1 may be NULL. Set it NOT NULL.").arg(config.keyColumn)};
    return {};
}

QStringList fieldProblems(const CatalogTable &table, const MappingConfig &config)
{
    QStringList problems;
    for (const FieldConfig &field : config.fields) {
        const QString hashField = QString::fromUtf8(field.hashField);
        const ColumnInfo *column = table.column(field.column);
        if (!column)
            problems << Tr::tr("The field %1 is mapped to the column %2, which does not exist in %3.")
                            .arg(hashField, field.column, config.table);
        else if (field.column == config.keyColumn)
            problems << Tr::tr("The key column %1 is also mapped as the field %2. Take it out of the fields.")
                            .arg(field.column, hashField);
        else if (column->typeName == "bytea"_L1 || column->typeName.endsWith("[]"_L1))
            problems
                << Tr::tr("The column %1 has the type %2, which cannot be edited as text. Leave it out of the fields.")
                       .arg(field.column, column->typeName);
        if (field.hashField == "version" || field.column == "version"_L1)
            problems << Tr::tr("\"version\" is reserved for the number of a row's last change and cannot be mapped.");
    }
    return problems;
}

QStringList tableProblems(const CatalogTable &table, const MappingConfig &config)
{
    QStringList problems;
    if (!table.ordinary)
        problems << Tr::tr("%1 is not an ordinary table (a view, a partition, or a parent of others), so it cannot be "
                           "written through.")
                        .arg(config.table);
    if (table.column(u"version"_s) && !table.versionIsOurs)
        problems << Tr::tr("%1 already has a column \"version\" of its own. That name is needed for the number of a "
                           "row's last change.")
                        .arg(config.table);
    static const QRegularExpression awkward(u"[%$'\\\\\"{}]"_s);
    if (table.protocolSchema.contains(awkward))
        problems << Tr::tr("The schema name %1 holds a character that preparing does not support.")
                        .arg(table.protocolSchema);
    const std::pair<bool, QLatin1StringView> rights[]{{table.maySelect, "SELECT"_L1},
                                                      {table.mayInsert, "INSERT"_L1},
                                                      {table.mayUpdate, "UPDATE"_L1},
                                                      {table.mayDelete, "DELETE"_L1}};
    for (const auto &[granted, name] : rights) {
        if (!granted)
            problems << Tr::tr("This role may not %1 on %2. Ask its owner for GRANT %1 ON %2.").arg(name, config.table);
    }
    return problems;
}

QStringList missingRightsOf(const CatalogTable &table, const MappingConfig &config)
{
    QStringList missing;
    if (!table.owner)
        missing << Tr::tr("This role does not own %1, so it cannot add the version column and the triggers. Let the "
                          "owner run the SQL of \"throughlinectl prepare --print\".")
                       .arg(config.table);
    if (!table.mayCreate)
        missing << Tr::tr("This role may not create tables in the schema %1. Ask for GRANT CREATE ON SCHEMA %1.")
                       .arg(table.protocolSchema);
    return missing;
}

Preparation preparationOf(const CatalogTable &table)
{
    if (table.schemaVersion > PgSchema::currentVersion)
        return Preparation::Newer;
    if (table.schemaVersion == 0 && table.triggers == 0)
        return Preparation::None;
    const bool complete = table.schemaVersion == PgSchema::currentVersion && table.triggersAlways == protocolTriggers &&
                          table.column(u"version"_s);
    if (complete)
        return Preparation::Complete;
    return table.triggers == 0 ? Preparation::None : Preparation::Partial;
}

Mapping mappingOf(const CatalogTable &table, const MappingConfig &config)
{
    Mapping mapping;
    mapping.config = config;
    mapping.schema = table.schema;
    mapping.table = table.name;
    mapping.keyDefault = table.keyDefault;
    mapping.protocolSchema = table.protocolSchema;
    mapping.uniques = table.uniques;
    mapping.foreignTriggers = table.foreignTriggers;
    if (const ColumnInfo *key = table.column(config.keyColumn))
        mapping.key = *key;
    for (const FieldConfig &field : config.fields) {
        if (const ColumnInfo *column = table.column(field.column))
            mapping.fields.push_back({field.hashField, *column, isSecretColumn(field.column)});
    }
    return mapping;
}

} // namespace

PgSchema::PgSchema(PgConnection &connection)
    : m_connection(connection)
{
}

Result<TableInspection> PgSchema::inspect(const MappingConfig &config)
{
    const auto table = readCatalog(m_connection.database(), config.table, config.keyColumn);
    if (!table)
        return Failure(table.error());
    TableInspection inspection;
    inspection.exists = table->exists;
    if (!table->exists) {
        inspection.problems << Tr::tr("The table %1 does not exist in this database.").arg(config.table);
        return inspection;
    }
    inspection.problems = tableProblems(*table, config) + keyProblems(*table, config) + fieldProblems(*table, config);
    inspection.missingRights = missingRightsOf(*table, config);
    inspection.preparation = preparationOf(*table);
    inspection.schemaVersion = table->schemaVersion;
    inspection.mapping = mappingOf(*table, config);
    return inspection;
}

QString PgSchema::prepareSql(const Mapping &mapping)
{
    return prepareAllSql({mapping});
}

QString PgSchema::prepareAllSql(const std::vector<Mapping> &mappings)
{
    QString sql = filled(resourceText(u"prepare.sql"_s), mappings.front());
    for (const Mapping &mapping : mappings) {
        const QString attach = u"\nSELECT {schema}.wt_attach({table}, %1, {label});\n"_s.arg(
            QString::fromUtf8(quotedLiteral(mapping.key.name.toUtf8())));
        sql += filled(attach, mapping);
    }
    return sql;
}

QString PgSchema::unprepareSql(const Mapping &mapping)
{
    return filled(resourceText(u"unprepare.sql"_s), mapping);
}

QString PgSchema::unprepareAllSql(const std::vector<Mapping> &mappings)
{
    QString sql;
    for (const Mapping &mapping : mappings)
        sql += unprepareSql(mapping);
    return sql;
}

Result<void> PgSchema::execute(const QString &sql)
{
    // One simple query is one transaction. On the handle, because preparing a large table takes long and must be
    // interruptible.
    const auto done = m_connection.runScript(sql.toUtf8(), Clock::now() + longestWork);
    if (done)
        return {};
    StoreError error = done.error();
    if (!error.unavailable())
        error.message = Tr::tr("PostgreSQL refused the change: %1").arg(error.message);
    return Failure(error);
}

} // namespace throughline
