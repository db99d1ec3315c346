// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/enginesettings.h"
#include "engine/retentionlist.h"
#include "stores/postgres/outboxstore.h"
#include "stores/postgres/rowstore.h"
#include "stores/redis/rowcache.h"

#include <span>
#include <vector>

namespace throughline {

/// Brings hashes to what their rows are now (PROTOCOL.md, D2 and D3). It may be done at any time, by anybody, any
/// number of times. Blocks its thread; the stores belong to whoever calls.
class RowPusher final
{
public:
    RowPusher(RowStore &rows, RowCache &cache, const EngineSettings &settings);

    /// `version` of a key is what its hash is deleted by when the row is gone. Returns the keys that Redis has not
    /// answered; fails when the rows cannot be read, and then nothing was pushed.
    [[nodiscard]] Result<std::vector<OutboxKey>> push(std::span<const OutboxKey> keys);
    /// The same for what is owed: each key once, however many of the pushes hold it. Marks those whose every key was
    /// answered over this connection to Redis; returns how many keys were.
    [[nodiscard]] Result<qint64> push(std::span<RetainedPush> pushes, quint64 connection);
    /// The same for rows that are known already. A refused key is dropped from the cache, which counts as pushed.
    [[nodiscard]] std::vector<RowKey> put(std::span<const CachePut> puts, Instant deadline);

    /// Why a key was not answered last; none when all were.
    [[nodiscard]] const std::optional<StoreError> &error() const noexcept { return m_error; }
    /// The same where one was not.
    [[nodiscard]] StoreError notAnswered() const;

private:
    RowStore &m_rows;
    RowCache &m_cache;
    EngineSettings m_settings;
    std::optional<StoreError> m_error;
};

} // namespace throughline
