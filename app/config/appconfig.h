// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mappingconfig.h"
#include "domain/redisurl.h"
#include "domain/safety.h"

#include <QString>

#include <optional>
#include <vector>

namespace throughline {

/// A configured value and where it came from, in words: "default", "--pg", "THROUGHLINE_PG", "FILE, line 3".
struct Setting
{
    QString value;
    QString origin;
};

enum class KeyspaceEvents { Add, Leave };

/// What the program was told, checked as far as that goes without a connection. A plain value.
struct AppConfig
{
    Setting file;     ///< the configuration file; empty when there is none
    Setting conninfo; ///< libpq's, untouched; empty with the sandbox
    Setting redisUrl; ///< as it was written; empty with the sandbox
    RedisUrl redis;   ///< redisUrl taken apart
    Setting dataDir;  ///< what --data or THROUGHLINE_DATA say; empty: the sandbox's default
    Setting environmentText;
    std::optional<Environment> environment; ///< only when configured; see environmentFor()
    Setting keyspaceEventsText;
    KeyspaceEvents keyspaceEvents = KeyspaceEvents::Add;
    std::vector<MappingConfig> mappings{MappingConfig::users()}; ///< never empty; the first is the main table

    [[nodiscard]] bool usesSandbox() const { return conninfo.value.isEmpty() && redisUrl.value.isEmpty(); }
};

} // namespace throughline
