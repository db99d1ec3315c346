// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ownpushes.h"

#include "base/faultpoint.h"

#include <algorithm>
#include <iterator>
#include <span>

namespace throughline {

namespace {

constexpr size_t keysAtOnce = 2000;
constexpr size_t mostOwed = 20'000; ///< statements

} // namespace

OwnPushes::OwnPushes(PostgresLink &postgres, RedisLink &redis, QByteArray label, RowStore &rows, RowCache &cache,
                     const EngineSettings &settings)
    : m_postgres(postgres)
    , m_redis(redis)
    , m_label(std::move(label))
    , m_pusher(rows, cache, settings)
    , m_settings(settings)
    , m_retained(settings.retention)
{
}

void OwnPushes::add(RetainedPush push, std::vector<Outcome> pending)
{
    // While Redis is away for long, what cannot be kept here is left to the outbox; see handOverTooMany().
    if (!push.pushed && m_retained.size() > mostOwed + mostOwed / 2)
        return;
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

/// All that is owed goes as one push of the present rows, a part of it at a time so that edits come between.
void OwnPushes::repeatPushes(std::vector<Outcome> &answers)
{
    const quint64 connection = m_redis.number();
    std::vector<RetainedPush> pushes = m_retained.takeUnpushed(connection);
    handOverTooMany(pushes);
    size_t count = 0;
    for (size_t keys = 0; count < pushes.size() && keys < keysAtOnce; ++count)
        keys += pushes[count].keys.size();
    // What fails is marked as not pushed, and is owed as before.
    std::ignore = m_pusher.push(std::span(pushes).first(count), connection);
    for (size_t i = 0; i < pushes.size(); ++i) {
        if (i < count && pushes[i].pushed)
            answerSaved(pushes[i].op, answers);
        m_retained.add(std::move(pushes[i]));
    }
}

void OwnPushes::answerSaved(const OpId &op, std::vector<Outcome> &answers)
{
    for (Outcome &outcome : m_pending.take(op)) {
        outcome.verdict = Verdict::Committed;
        outcome.error.reset();
        outcome.late = true;
        answers.push_back(std::move(outcome));
    }
}

/// What Redis has been away for too long for is left to whoever drains: the outbox holds it, and counts its owner as
/// hanging after a while.
void OwnPushes::handOverTooMany(std::vector<RetainedPush> &pushes)
{
    if (pushes.size() <= mostOwed)
        return;
    const auto last = pushes.end() - static_cast<std::ptrdiff_t>(mostOwed);
    for (auto push = pushes.begin(); push != last; ++push)
        m_pending.remove(push->op);
    pushes.erase(pushes.begin(), last);
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
        return m_postgres.outbox().confirmOwn(ops, m_label, lowest, m_settings.retention,
                                              Clock::now() + m_settings.statementDeadline);
    });
    // A role that may not take rows out of the outbox leaves that to whoever drains it.
    if (confirmed || confirmed.error().kind == ErrorKind::PermissionDenied)
        return;
    for (RetainedPush &push : safe)
        m_retained.add(std::move(push));
}

} // namespace throughline
