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

    // Upkeep (PROTOCOL.md, sections 4, 6 and 7).
    milliseconds retention{10'000};        ///< W: how long an outbox row outlives its push; above what Redis may lose
    milliseconds pollInterval{100};        ///< D1a
    milliseconds orphanInterval{5'000};    ///< D1b
    milliseconds claimAge{30'000};         ///< an owner that lives but has not pushed for so long is taken to hang
    milliseconds heartbeatInterval{1'000}; ///< of wt:hb
    milliseconds journalKeep{3'600'000};   ///< T_keep: how long the outbox answers what became of an operation
    qint64 outboxLimit = 500'000;          ///< above so many waiting keys of a table they are dropped, not replayed
    // Staged writes (PROTOCOL.md, section 8).
    milliseconds stagedOwnTime{10'000};      ///< after that others may take over what one gateway has taken
    milliseconds stagedDeadline{30'000};     ///< of a write that locks and concurrent changes hold up: then it fails
    milliseconds stagedScanInterval{60'000}; ///< Redis announces them; this finds what was not announced
    milliseconds stagedPollInterval{200};    ///< where Redis does not announce them
    bool addsKeyspaceEvents = true;          ///< Redis may be told to announce them

    bool keepsUp = true;    ///< the window drains and recovers while it is open; not where nothing may be changed
    QString stateDirectory; ///< of the journal of unsettled operations; empty: none is kept
};

} // namespace throughline
