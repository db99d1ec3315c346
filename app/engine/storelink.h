// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/backoff.h"
#include "engine/enginesettings.h"
#include "engine/storestate.h"
#include "stores/postgres/outboxstore.h"
#include "stores/postgres/rowstore.h"
#include "stores/redis/cachestate.h"
#include "stores/redis/rowcache.h"

namespace throughline {

/// Whether a connection writes (and so is a node of the protocol) or only reads.
enum class LinkRole { Writer, Reader };

/// One PostgreSQL connection that mends itself: open when it is needed and due. Private to its thread.
class PostgresLink final
{
public:
    PostgresLink(const Mapping &mapping, const EngineSettings &settings, LinkRole role, const Interrupt *interrupt);

    /// Open already, or opened now. While the back-off runs it fails at once with the last reason.
    [[nodiscard]] Result<void> ensure();
    /// The same without a new attempt for a store that is known to be down: for reads that must not wait for it.
    [[nodiscard]] Result<void> ensureUnlessDown();
    [[nodiscard]] RowStore &rows() noexcept { return m_rows; }
    [[nodiscard]] OutboxStore &outbox() noexcept { return m_outbox; }
    [[nodiscard]] PgConnection &connection() noexcept { return m_connection; }
    [[nodiscard]] Backoff &backoff() noexcept { return m_backoff; }
    /// Takes the round trip of an empty statement into the health; finds a dead connection.
    void ping();
    [[nodiscard]] StoreHealth health() const;

private:
    PgConnection m_connection;
    RowStore m_rows;
    OutboxStore m_outbox;
    Backoff m_backoff;
    EngineSettings m_settings;
    QString m_protocolSchema;
    LinkRole m_role;
    StoreHealth m_health;
};

/// The same for Redis.
class RedisLink final
{
public:
    RedisLink(const Mapping &mapping, const EngineSettings &settings, const Interrupt *interrupt);

    [[nodiscard]] Result<void> ensure();
    [[nodiscard]] Result<void> ensure(milliseconds atMost);
    [[nodiscard]] Result<void> ensureUnlessDown();
    [[nodiscard]] RowCache &cache() noexcept { return m_cache; }
    [[nodiscard]] CacheState &state() noexcept { return m_state; }
    /// The number of this connection; another one after every break, because Redis may have started again meanwhile.
    [[nodiscard]] quint64 number() const noexcept { return m_number; }
    /// R1: whether the hashes were brought up to date since Redis started. Only then a miss may be filled.
    [[nodiscard]] bool mayFill(Instant deadline);
    [[nodiscard]] RedisContext &context() noexcept { return m_context; }
    [[nodiscard]] Backoff &backoff() noexcept { return m_backoff; }
    void ping();
    [[nodiscard]] StoreHealth health() const;

private:
    RedisContext m_context;
    RowCache m_cache;
    CacheState m_state;
    Backoff m_backoff;
    EngineSettings m_settings;
    quint64 m_number = 0;
    bool m_recovered = false;
    StoreHealth m_health;
};

} // namespace throughline
