// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storelink.h"

#include <QCoreApplication>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

double millisecondsSince(Instant start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// What is known while the connection is closed: the reason and when the next attempt is due.
StoreHealth refreshed(StoreHealth health, bool open, const Backoff &backoff)
{
    if (!open && health.state == StoreHealth::State::Connected)
        health.state = StoreHealth::State::Down;
    health.nextTryMs = open ? 0 : static_cast<int>(backoff.untilDue(Clock::now()).count());
    return health;
}

StoreError notYet(Store store, const StoreHealth &health)
{
    if (health.error)
        return *health.error;
    StoreError error;
    error.kind = ErrorKind::Unreachable;
    error.store = store;
    error.message = QCoreApplication::translate("StoreLink", "There is no connection at the moment.");
    return error;
}

} // namespace

PostgresLink::PostgresLink(const Mapping &mapping, const EngineSettings &settings, LinkRole role,
                           const Interrupt *interrupt)
    : m_connection({settings.conninfo, settings.applicationName, settings.connectTimeout}, interrupt)
    , m_rows(m_connection, mapping)
    , m_outbox(m_connection, mapping.protocolSchema)
    , m_backoff(settings.firstRetry, settings.lastRetry)
    , m_settings(settings)
    , m_protocolSchema(mapping.protocolSchema)
    , m_role(role)
{
}

Result<void> PostgresLink::ensure()
{
    if (m_connection.isOpen() && m_connection.checkAlive())
        return {};
    if (!m_backoff.isDue(Clock::now()))
        return Failure(notYet(Store::Postgres, m_health));
    auto opened = m_connection.open();
    if (opened && m_role == LinkRole::Writer)
        opened = m_connection.registerNode(m_protocolSchema, Clock::now() + m_settings.connectTimeout);
    if (!opened) {
        m_connection.close();
        m_backoff.failed(Clock::now());
        m_health.state = StoreHealth::State::Down;
        m_health.error = opened.error();
        m_health.error->sent = false; // what was to be done over this connection has not left
        return Failure(*m_health.error);
    }
    m_backoff.succeeded();
    m_health.state = StoreHealth::State::Connected;
    m_health.error.reset();
    m_health.serverVersion = m_connection.serverVersion();
    return {};
}

Result<void> PostgresLink::ensureUnlessDown()
{
    if (health().state == StoreHealth::State::Down)
        return Failure(notYet(Store::Postgres, m_health));
    return ensure();
}

void PostgresLink::ping()
{
    if (!ensure())
        return;
    const Instant start = Clock::now();
    if (const auto answer = m_connection.run({"SELECT", {}}, start + m_settings.readDeadline); !answer) {
        m_health.state = StoreHealth::State::Down;
        m_health.error = answer.error();
        return;
    }
    m_health.roundTripMs = millisecondsSince(start);
}

StoreHealth PostgresLink::health() const
{
    return refreshed(m_health, m_connection.isOpen(), m_backoff);
}

RedisLink::RedisLink(const Mapping &mapping, const EngineSettings &settings, const Interrupt *interrupt)
    : m_context({settings.redis, settings.applicationName, settings.connectTimeout}, interrupt)
    , m_cache(m_context, mapping, settings.leaseTime)
    , m_state(m_context, mapping)
    , m_backoff(settings.firstRetry, settings.lastRetry)
    , m_settings(settings)
{
}

Result<void> RedisLink::ensure()
{
    return ensure(m_settings.connectTimeout);
}

Result<void> RedisLink::ensure(milliseconds atMost)
{
    if (m_context.isOpen() && m_context.checkAlive())
        return {};
    if (!m_backoff.isDue(Clock::now()))
        return Failure(notYet(Store::Redis, m_health));
    const auto opened = m_context.open(std::min(atMost, m_settings.connectTimeout));
    if (!opened) {
        m_backoff.failed(Clock::now());
        m_health.state = StoreHealth::State::Down;
        m_health.error = opened.error();
        return opened;
    }
    ++m_number;
    m_recovered = false;
    m_backoff.succeeded();
    m_health.state = StoreHealth::State::Connected;
    m_health.error.reset();
    m_health.serverVersion.clear();
    return {};
}

Result<void> RedisLink::ensureUnlessDown()
{
    if (health().state == StoreHealth::State::Down)
        return Failure(notYet(Store::Redis, m_health));
    return ensure();
}

bool RedisLink::mayFill(Instant deadline)
{
    if (m_recovered || !m_context.isOpen())
        return m_recovered && m_context.isOpen();
    const auto instance = m_state.instance(deadline);
    m_recovered = instance && instance->recovered;
    return m_recovered;
}

void RedisLink::ping()
{
    if (!ensure())
        return;
    const Instant start = Clock::now();
    if (const auto answer = m_context.run({"PING"_ba}, start + m_settings.readDeadline); !answer) {
        m_health.state = StoreHealth::State::Down;
        m_health.error = answer.error();
        return;
    }
    m_health.roundTripMs = millisecondsSince(start);
    if (m_health.serverVersion.isEmpty())
        m_health.serverVersion = m_context.serverVersion(Clock::now() + m_settings.readDeadline);
}

StoreHealth RedisLink::health() const
{
    return refreshed(m_health, m_context.isOpen(), m_backoff);
}

} // namespace throughline
