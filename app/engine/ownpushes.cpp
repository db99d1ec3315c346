// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ownpushes.h"

#include "base/faultpoint.h"

#include <algorithm>
#include <iterator>

namespace throughline {

OwnPushes::OwnPushes(PostgresLink &postgres, RedisLink &redis, const EngineSettings &settings)
    : m_postgres(postgres)
    , m_redis(redis)
    , m_pusher(postgres.rows(), redis.cache(), settings)
    , m_settings(settings)
    , m_retained(settings.retention)
{
}

void OwnPushes::add(RetainedPush push, std::vector<Outcome> pending)
{
    if (!pending.empty())
        m_pending.insert(push.op, std::move(pending));
    m_retained.add(std::move(push));
}

std::vector<Outcome> OwnPushes::work()
{
    std::vector<Outcome> answers;
    if (m_retained.empty())
        return answers;
    if (m_redis.ensure(m_settings.ackDeadline) && m_postgres.ensure()) {
        if (m_retained.hasUnpushed(m_redis.number()))
            repeatPushes(answers);
        // At most once a tenth of the retention time: one statement then takes many rows out.
        if (const Instant now = Clock::now(); now >= m_nextConfirm) {
            m_nextConfirm = now + m_settings.retention / 10;
            confirmSafe();
        }
    }
    return answers;
}

void OwnPushes::repeatPushes(std::vector<Outcome> &answers)
{
    const quint64 connection = m_redis.number();
    std::vector<RetainedPush> pushes = m_retained.takeUnpushed(connection);
    for (RetainedPush &push : pushes) {
        push.pushed = false;
        push.connection = connection;
        if (m_redis.context().isOpen() && m_postgres.connection().isOpen()) {
            const auto left = m_pusher.push(push.keys);
            push.pushed = left && left->empty();
            push.pushedAt = Clock::now();
        }
        if (push.pushed) {
            for (Outcome &outcome : m_pending.take(push.op)) {
                outcome.verdict = Verdict::Committed;
                outcome.error.reset();
                outcome.late = true;
                answers.push_back(std::move(outcome));
            }
        }
        m_retained.add(std::move(push));
    }
}

void OwnPushes::confirmSafe()
{
    std::vector<RetainedPush> safe = m_retained.takeSafe(Clock::now(), m_redis.number());
    if (safe.empty())
        return;
    faultPoint(FaultPoint::BeforePurge);
    // The answer proves that the connection which carried the pushes still leads to the same instance.
    const auto alive = m_redis.state().ping(Clock::now() + m_settings.readDeadline);
    std::vector<OpId> ops;
    RowVersion lowest = safe.front().lowest;
    for (const RetainedPush &push : safe) {
        ops.push_back(push.op);
        lowest = std::min(lowest, push.lowest);
    }
    const auto confirmed = alive.and_then([&] {
        return m_postgres.outbox().confirmOwn(ops, lowest, m_settings.retention,
                                              Clock::now() + m_settings.statementDeadline);
    });
    // A role that may not take rows out of the outbox leaves that to whoever drains it.
    if (confirmed || confirmed.error().kind == ErrorKind::PermissionDenied)
        return;
    for (RetainedPush &push : safe)
        m_retained.add(std::move(push));
}

} // namespace throughline
