// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/storelink.h"

#include <functional>
#include <span>
#include <vector>

namespace throughline {

/// What became of the rows that were to be cached.
struct FillCounts
{
    qint64 rows = 0;   ///< looked at
    qint64 filled = 0; ///< hashes created
};

/// Puts rows that are not cached into the cache, each under its lease, so that it may run beside any writer. Blocks its
/// thread, the only one that may use it.
class Filler final
{
public:
    using Progress = std::function<void(const FillCounts &)>;

    Filler(Mapping mapping, const EngineSettings &settings, const Interrupt *interrupt);

    /// How many hashes were created. All keys at once: best called with some hundred of them.
    [[nodiscard]] Result<qint64> fill(const std::vector<RowKey> &keys);
    // In steps. `progress` is told after each one, and so knows what was done when the rest fails.
    [[nodiscard]] Result<void> fillEach(std::span<const RowKey> keys, const Progress &progress);
    /// Every row in key order, those after `after` when it is given.
    [[nodiscard]] Result<void> fillAfter(std::optional<RowKey> after, const Progress &progress);

private:
    [[nodiscard]] Result<void> open();

    Mapping m_mapping;
    EngineSettings m_settings;
    PostgresLink m_postgres;
    RedisLink m_redis;
};

} // namespace throughline
