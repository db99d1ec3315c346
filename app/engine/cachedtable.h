// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/keyspace.h"
#include "engine/storelink.h"
#include "stores/postgres/verdictlog.h"
#include "stores/redis/answerstreams.h"

namespace throughline {

/// One mapping over connections that serve several.
struct CachedTable
{
    /// `otherPrefixes` are those of the other mappings.
    CachedTable(const Mapping &tableMapping, const std::vector<QByteArray> &otherPrefixes, PostgresLink &postgres,
                RedisLink &redis, const EngineSettings &settings)
        : label(tableMapping.config.label.toUtf8())
        , rows(postgres.connection(), tableMapping)
        , cache(redis.context(), tableMapping, settings.leaseTime)
        , state(redis.context(), tableMapping)
        , keyspace(tableMapping, otherPrefixes)
        , verdicts(postgres.connection(), tableMapping)
        , answers(redis.context(), tableMapping)
    {
    }

    QByteArray label;
    RowStore rows;
    RowCache cache;
    CacheState state;
    Keyspace keyspace;
    VerdictLog verdicts;
    AnswerStreams answers;
    bool recovered = false; ///< over the present connection to Redis
};

} // namespace throughline
