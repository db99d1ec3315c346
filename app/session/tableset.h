// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stores/postgres/pgschema.h"

#include <vector>

namespace throughline {

/// The configured tables, held against the catalog: they share one outbox, so what is wrong with one concerns all. A
/// plain value.
class TableSet final
{
public:
    TableSet() = default;

    /// Blocks; on the thread of the schema's connection.
    [[nodiscard]] static Result<TableSet> inspect(PgSchema &schema, const std::vector<MappingConfig> &configs);

    [[nodiscard]] const std::vector<TableInspection> &inspections() const noexcept { return m_tables; }
    [[nodiscard]] std::vector<Mapping> mappings() const;
    /// Those that preparing would change; with the schema of the shared objects in all of them.
    [[nodiscard]] std::vector<Mapping> unprepared() const;
    [[nodiscard]] QStringList unpreparedNames() const;
    /// Those of which there is something to take away.
    [[nodiscard]] std::vector<Mapping> touched() const;
    /// Why these tables cannot be used together, or one of them at all; a sentence each.
    [[nodiscard]] QStringList problems() const;
    /// What the role may not do to the tables that are to be prepared.
    [[nodiscard]] QStringList missingRights() const;
    [[nodiscard]] bool exist() const; ///< all of them
    [[nodiscard]] bool isNewer() const;

private:
    void agreeOnSchema();
    [[nodiscard]] QStringList problemsBetween() const;

    std::vector<TableInspection> m_tables;
};

} // namespace throughline
