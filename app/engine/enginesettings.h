// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "domain/redisurl.h"

#include <QString>

namespace throughline {

/// Where the stores are and how long the engine waits for them. Tests shorten the times.
struct EngineSettings
{
    QString conninfo; ///< libpq's, passed through untouched
    RedisUrl redis;
    QString applicationName; ///< how our connections are called in pg_stat_activity and CLIENT LIST

    milliseconds connectTimeout{5000};
    milliseconds ackDeadline{2000};  ///< PROTOCOL.md E4: after that "committed, cache pending"
    milliseconds readDeadline{2000}; ///< one row, or a ping: after that the store counts as down
    milliseconds statementDeadline{30000};
    milliseconds leaseTime{5000};
    milliseconds firstRetry{250}; ///< back-off of reconnects: doubled up to lastRetry
    milliseconds lastRetry{10000};
    int pageSize = 200;
};

} // namespace throughline
