// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/mapping.h"

#include <QSqlDatabase>
#include <QStringList>

#include <vector>

namespace throughline {

/// What the catalog says of one table; reading only, no judgement.
struct CatalogTable
{
    bool exists = false;
    qint64 oid = 0;
    QString schema;
    QString name;
    bool ordinary = false;  ///< a permanent table that is no partition and has no children
    bool owner = false;     ///< the role may alter it
    bool mayCreate = false; ///< in the schema of the shared objects
    bool maySelect = false, mayInsert = false, mayUpdate = false, mayDelete = false;
    std::vector<ColumnInfo> columns;
    QStringList primaryKey;
    std::vector<UniqueConstraint> uniques; ///< valid, immediate, one column, no condition
    QString keyDefault;
    QString protocolSchema; ///< where wt_outbox is, else the table's own schema
    int schemaVersion = 0;  ///< of the shared objects, 0 when there are none
    int triggersAlways = 0; ///< of our seven
    int triggers = 0;
    bool versionIsOurs = false; ///< the column `version` carries our comment

    [[nodiscard]] const ColumnInfo *column(const QString &columnName) const;
};

inline constexpr int protocolTriggers = 8;

[[nodiscard]] Result<CatalogTable> readCatalog(const QSqlDatabase &database, const QString &table,
                                               const QString &keyColumn);

} // namespace throughline
