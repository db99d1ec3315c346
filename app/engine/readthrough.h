// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/storelink.h"

#include <optional>
#include <vector>

namespace throughline {

struct ReadAnswer
{
    std::optional<Row> row; ///< none: there is no such row
    bool fromCache = false;
};

/// Reads as a program behind the cache should: the hash, or on a miss the row, which then fills the cache under its
/// lease. While Redis is not known to be recovered it reads the table and fills nothing (PROTOCOL.md, R1). Blocks its
/// thread; the links belong to whoever calls.
class ReadThrough final
{
public:
    ReadThrough(PostgresLink &postgres, RedisLink &redis, const EngineSettings &settings);

    [[nodiscard]] Result<ReadAnswer> read(const RowKey &key);
    /// Makes hashes for the keys that have none; returns how many.
    [[nodiscard]] Result<qint64> fill(const std::vector<RowKey> &keys, Instant deadline);

private:
    PostgresLink &m_postgres;
    RedisLink &m_redis;
    EngineSettings m_settings;
};

} // namespace throughline
