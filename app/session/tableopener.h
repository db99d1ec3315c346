// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/mapping.h"
#include "engine/enginesettings.h"
#include "session/tableset.h"

#include <vector>

namespace throughline {

/// What to do when the table is not yet fit for the protocol.
enum class Agreement {
    Ask,     ///< change nothing
    Prepare, ///< the user said yes
    Sandbox, ///< our own database: make the table and its first users as well
};

struct OpenedTables
{
    TableSet tables;
    QString stateDirectory; ///< see stateDirectoryOf()
    bool ready = false;     ///< false: a table must be prepared, which nobody has agreed to
};

/// Connects to both stores, holds the mappings against the catalog and prepares the tables where that was agreed.
/// Blocks; belongs to the thread that calls open(). abort() may be called from any thread.
class TableOpener final
{
public:
    TableOpener(EngineSettings settings, std::vector<MappingConfig> mappings);
    ~TableOpener();

    [[nodiscard]] Result<OpenedTables> open(Agreement agreement);
    void abort() noexcept;

private:
    [[nodiscard]] Result<OpenedTables> openTables(Agreement agreement);
    [[nodiscard]] Result<void> checkRedis();
    [[nodiscard]] Result<TableSet> inspect(Agreement agreement);
    [[nodiscard]] Result<void> createTable();
    [[nodiscard]] Result<void> prepare(const TableSet &tables);
    [[nodiscard]] Result<void> startSandbox(const TableSet &tables);
    [[nodiscard]] Result<bool> firstStartDone();
    [[nodiscard]] Result<void> addFirstUsers(const Mapping &mapping);

    EngineSettings m_settings;
    std::vector<MappingConfig> m_mappings;
    Interrupt m_interrupt;
    PgConnection m_connection;
    PgSchema m_schema;
};

} // namespace throughline
