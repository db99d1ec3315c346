// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/cachedtable.h"

#include <span>

namespace throughline {

/// Brings the hashes of a table up to date after Redis has started again, from whatever it came back with (PROTOCOL.md,
/// section 7). One program at a time does it for a table. Blocks its thread; the links belong to whoever calls.
class CacheRecovery final
{
public:
    CacheRecovery(PostgresLink &postgres, RedisLink &redis, const EngineSettings &settings);

    /// True when the hashes are good; false while another program is at it.
    [[nodiscard]] Result<bool> recover(CachedTable &table);

private:
    [[nodiscard]] Result<bool> lead(CachedTable &table);
    [[nodiscard]] Result<void> drop(CachedTable &table);
    [[nodiscard]] Result<void> replay(CachedTable &table, std::span<const OutboxKey> keys);
    [[nodiscard]] Result<void> answerAgain(CachedTable &table);
    [[nodiscard]] Instant soon() const;
    [[nodiscard]] Instant late() const;

    PostgresLink &m_postgres;
    RedisLink &m_redis;
    EngineSettings m_settings;
};

} // namespace throughline
