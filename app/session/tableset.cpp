// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/tableset.h"

#include <QCoreApplication>

#include <algorithm>

namespace throughline {

namespace {

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(TableSet)
};

bool lacksPreparation(const TableInspection &table)
{
    return table.preparation == Preparation::None || table.preparation == Preparation::Partial;
}

} // namespace

Result<TableSet> TableSet::inspect(PgSchema &schema, const std::vector<MappingConfig> &configs)
{
    TableSet set;
    for (const MappingConfig &config : configs) {
        auto table = schema.inspect(config);
        if (!table)
            return Failure(table.error());
        set.m_tables.push_back(std::move(*table));
    }
    set.agreeOnSchema();
    return set;
}

// Before anything is prepared each table would have the shared objects beside itself; there is only one set of them.
void TableSet::agreeOnSchema()
{
    const auto first = std::ranges::find(m_tables, true, &TableInspection::exists);
    for (TableInspection &table : m_tables) {
        if (table.exists && table.schemaVersion == 0)
            table.mapping.protocolSchema = first->mapping.protocolSchema;
    }
}

std::vector<Mapping> TableSet::mappings() const
{
    std::vector<Mapping> mappings;
    for (const TableInspection &table : m_tables)
        mappings.push_back(table.mapping);
    return mappings;
}

std::vector<Mapping> TableSet::unprepared() const
{
    std::vector<Mapping> mappings;
    for (const TableInspection &table : m_tables) {
        if (lacksPreparation(table))
            mappings.push_back(table.mapping);
    }
    return mappings;
}

QStringList TableSet::unpreparedNames() const
{
    QStringList names;
    for (const Mapping &mapping : unprepared())
        names << mapping.qualifiedName();
    return names;
}

std::vector<Mapping> TableSet::touched() const
{
    std::vector<Mapping> mappings;
    for (const TableInspection &table : m_tables) {
        if (table.preparation != Preparation::None)
            mappings.push_back(table.mapping);
    }
    return mappings;
}

QStringList TableSet::problems() const
{
    QStringList problems;
    for (const TableInspection &table : m_tables)
        problems += table.problems;
    return problems.isEmpty() ? problemsBetween() : problems;
}

QStringList TableSet::problemsBetween() const
{
    QStringList problems;
    for (auto one = m_tables.begin(); one != m_tables.end(); ++one) {
        for (auto other = one + 1; other != m_tables.end(); ++other) {
            const Mapping &a = one->mapping;
            const Mapping &b = other->mapping;
            if (a.qualifiedName() == b.qualifiedName())
                problems << Tr::tr(
                                "The mappings %1 and %2 are both of the table %3. A table can have only one mapping.")
                                .arg(a.config.label, b.config.label, a.qualifiedName());
            else if (a.protocolSchema != b.protocolSchema)
                problems << Tr::tr("%1 and %2 were prepared apart from each other, in the schemas %3 and %4. Take the "
                                   "preparation of one of them away, and prepare both together.")
                                .arg(a.qualifiedName(), b.qualifiedName(), a.protocolSchema, b.protocolSchema);
        }
    }
    return problems;
}

QStringList TableSet::missingRights() const
{
    QStringList missing;
    for (const TableInspection &table : m_tables) {
        if (lacksPreparation(table))
            missing += table.missingRights;
    }
    missing.removeDuplicates();
    return missing;
}

bool TableSet::exist() const
{
    return std::ranges::all_of(m_tables, &TableInspection::exists);
}

bool TableSet::isNewer() const
{
    return std::ranges::any_of(m_tables,
                               [](const TableInspection &table) { return table.preparation == Preparation::Newer; });
}

} // namespace throughline
