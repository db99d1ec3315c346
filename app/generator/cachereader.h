// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/readthrough.h"

namespace throughline {

/// The reads of a worker, as a program behind the cache makes them. Over connections of its own, because a write may be
/// under way on the others; they are opened by the first read. Belongs to the worker's thread.
class CacheReader final
{
public:
    CacheReader(const Mapping &mapping, const EngineSettings &settings, const Interrupt *interrupt)
        : m_postgres(mapping, settings, LinkRole::Reader, interrupt)
        , m_redis(mapping, settings, interrupt)
        , m_through(m_postgres, m_redis, settings)
    {
    }

    [[nodiscard]] Result<ReadAnswer> read(const RowKey &key) { return m_through.read(key); }

private:
    PostgresLink m_postgres;
    RedisLink m_redis;
    ReadThrough m_through;
};

} // namespace throughline
