// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/storelink.h"

#include <vector>

namespace throughline {

/// Puts rows that are not cached into the cache, each under its lease, so that it may run beside any writer. Blocks its
/// thread, the only one that may use it.
class Filler final
{
public:
    Filler(Mapping mapping, const EngineSettings &settings, const Interrupt *interrupt);

    /// How many hashes were created. Best called with some hundred keys at a time.
    [[nodiscard]] Result<qint64> fill(const std::vector<RowKey> &keys);

private:
    Mapping m_mapping;
    EngineSettings m_settings;
    PostgresLink m_postgres;
    RedisLink m_redis;
};

} // namespace throughline
