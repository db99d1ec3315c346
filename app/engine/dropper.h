// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/keyspace.h"
#include "engine/storelink.h"
#include "stores/redis/keyscan.h"

#include <functional>

namespace throughline {

/// Takes hashes and leases of a mapping out of the cache: always safe, beside any writer or reader. Blocks its thread,
/// the only one that may use it.
class Dropper final
{
public:
    /// How many hashes were dropped so far.
    using Progress = std::function<void(qint64)>;

    Dropper(Mapping mapping, const EngineSettings &settings, const std::vector<QByteArray> &otherPrefixes,
            const Interrupt *interrupt);

    [[nodiscard]] Result<void> drop(const std::vector<RowKey> &keys, const Progress &progress);
    [[nodiscard]] Result<void> dropAll(const Progress &progress);

private:
    Mapping m_mapping;
    EngineSettings m_settings;
    Keyspace m_keyspace;
    RedisLink m_redis;
};

} // namespace throughline
