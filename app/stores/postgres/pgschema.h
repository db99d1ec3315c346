// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/mapping.h"
#include "stores/postgres/pgconnection.h"

#include <QStringList>

#include <vector>

namespace throughline {

enum class Preparation {
    None,
    Partial, ///< something of it is missing or switched off; preparing again mends it
    Complete,
    Newer, ///< made by a later version of the program
};

/// A configured mapping held against the catalog.
struct TableInspection
{
    bool exists = false;
    Mapping mapping;           ///< usable only when there are no problems
    QStringList problems;      ///< every mistake of the mapping, a sentence each
    QStringList missingRights; ///< what the role may not, a sentence each; empty when it may prepare the table
    Preparation preparation = Preparation::None;
    int schemaVersion = 0; ///< of the protocol's objects in the database, 0 when there are none

    [[nodiscard]] bool usable() const { return exists && problems.isEmpty(); }
};

/// Reads the catalog and prepares tables for the write-through protocol. Reads by QSqlQuery on the connection it is
/// given, on that connection's thread.
class PgSchema final
{
public:
    static constexpr int currentVersion = 5;

    explicit PgSchema(PgConnection &connection);

    [[nodiscard]] Result<TableInspection> inspect(const MappingConfig &config);

    [[nodiscard]] static QString prepareSql(const Mapping &mapping);
    [[nodiscard]] static QString unprepareSql(const Mapping &mapping);
    /// The same for several tables at once, which all have the protocol schema of the first.
    [[nodiscard]] static QString prepareAllSql(const std::vector<Mapping> &mappings);
    [[nodiscard]] static QString unprepareAllSql(const std::vector<Mapping> &mappings);
    /// One transaction; a Result that failed has changed nothing.
    [[nodiscard]] Result<void> execute(const QString &sql);

private:
    PgConnection &m_connection;
};

} // namespace throughline
