// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/storelink.h"

namespace throughline {

/// One mapping over connections that serve several.
struct CachedTable
{
    CachedTable(const Mapping &tableMapping, PostgresLink &postgres, RedisLink &redis, const EngineSettings &settings)
        : label(tableMapping.config.label.toUtf8())
        , rows(postgres.connection(), tableMapping)
        , cache(redis.context(), tableMapping, settings.leaseTime)
        , state(redis.context(), tableMapping)
    {
    }

    QByteArray label;
    RowStore rows;
    RowCache cache;
    CacheState state;
    bool recovered = false; ///< over the present connection to Redis
};

} // namespace throughline
