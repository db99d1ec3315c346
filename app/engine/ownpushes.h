// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/outcome.h"
#include "engine/retentionlist.h"
#include "engine/rowpusher.h"
#include "engine/storelink.h"

#include <QHash>

#include <vector>

namespace throughline {

/// What a writer still owes after it has answered: pushes that did not reach Redis, pushes that must be repeated
/// because the connection broke, and taking its rows out of the outbox when Redis cannot lose them any more
/// (PROTOCOL.md, E6). Off the path of the edits. Blocks its thread; the links belong to the writer.
class OwnPushes final
{
public:
    /// `rows` and `cache` are those of the table named by `label`, over the same links.
    OwnPushes(PostgresLink &postgres, RedisLink &redis, QByteArray label, RowStore &rows, RowCache &cache,
              const EngineSettings &settings);

    /// A committed statement; `pending` are its answers that said "cache pending".
    void add(RetainedPush push, std::vector<Outcome> pending);
    [[nodiscard]] bool empty() const noexcept { return m_retained.empty(); }
    /// What can be done now; returns the answers that are Committed by it.
    [[nodiscard]] std::vector<Outcome> work();

private:
    void repeatPushes(std::vector<Outcome> &answers);
    void answerSaved(const OpId &op, std::vector<Outcome> &answers);
    void handOverTooMany(std::vector<RetainedPush> &pushes);
    void confirmSafe();

    PostgresLink &m_postgres;
    RedisLink &m_redis;
    QByteArray m_label;
    RowPusher m_pusher;
    EngineSettings m_settings;
    RetentionList m_retained;
    QHash<OpId, std::vector<Outcome>> m_pending; ///< by statement
    Instant m_nextConfirm{};
};

} // namespace throughline
