// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/mapping.h"
#include "engine/enginesettings.h"
#include "stores/postgres/pgschema.h"

#include <memory>

namespace throughline {

/// What to do when the table is not yet fit for the protocol.
enum class Agreement {
    Ask,     ///< change nothing
    Prepare, ///< the user said yes
    Sandbox, ///< our own database: make the table and its first users as well
};

struct OpenedTable
{
    TableInspection inspection;
    QString stateDirectory; ///< see stateDirectoryOf()
    bool ready = false;     ///< false: the table must be prepared, which nobody has agreed to
};

/// Connects to both stores, holds the mapping against the catalog and prepares the table where that was agreed.
/// Blocks; belongs to the thread that calls open(). abort() may be called from any thread.
class TableOpener final
{
public:
    TableOpener(EngineSettings settings, MappingConfig mapping);
    ~TableOpener();

    [[nodiscard]] Result<OpenedTable> open(Agreement agreement);
    void abort() noexcept;

private:
    [[nodiscard]] Result<OpenedTable> openTable(Agreement agreement);
    [[nodiscard]] Result<void> checkRedis();
    [[nodiscard]] Result<TableInspection> inspect();
    [[nodiscard]] Result<void> createTable();
    [[nodiscard]] Result<void> prepare(const TableInspection &inspection);
    [[nodiscard]] Result<bool> firstStartDone();
    [[nodiscard]] Result<void> addFirstUsers(const Mapping &mapping);

    EngineSettings m_settings;
    MappingConfig m_mapping;
    Interrupt m_interrupt;
    PgConnection m_connection;
    PgSchema m_schema;
};

} // namespace throughline
