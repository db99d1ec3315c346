// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/writethrough.h"

#include "engine/writeplan.h"

#include <QCoreApplication>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

StoreError noKeyDefault(const Mapping &mapping)
{
    StoreError error;
    error.kind = ErrorKind::NullNotAllowed;
    error.store = Store::Postgres;
    error.column = mapping.key.name;
    error.message = QCoreApplication::translate("WriteThrough", "%1 has no default, so a new row needs a value for it.")
                        .arg(mapping.key.name);
    return error;
}

} // namespace

WriteThrough::WriteThrough(Mapping mapping, const EngineSettings &settings, const Interrupt *interrupt)
    : m_mapping(std::move(mapping))
    , m_settings(settings)
    , m_postgres(m_mapping, settings, LinkRole::Writer, interrupt)
    , m_redis(m_mapping, settings, interrupt)
{
}

Outcome WriteThrough::write(Edit edit)
{
    Outcome outcome;
    outcome.op = edit.op;
    outcome.kind = edit.kind;
    outcome.origin = edit.origin;
    const Instant start = Clock::now();
    outcome.timings.queued = start - edit.submitted;

    QByteArray token;
    auto ready = m_postgres.ensure();
    if (ready && edit.kind == EditKind::Insert)
        ready = takeKeyAndLease(edit, outcome, token);
    outcome.key = edit.key;
    const Instant sent = Clock::now();
    const auto written = ready ? writeRow(edit) : Result<WrittenRow>(Failure(ready.error()));
    outcome.timings.postgres = Clock::now() - (edit.kind == EditKind::Insert ? sent : start);
    if (!written) {
        outcome.verdict = writeplan::verdictFor(written.error());
        outcome.error = writeplan::withColumn(m_mapping, edit, written.error());
    } else if (written->nothing() && edit.kind == EditKind::Insert) {
        answerRepeatedInsert(edit, outcome);
    } else if (written->nothing()) {
        answerConflict(edit, outcome);
    } else {
        outcome.row = written->row;
        push(edit, *written, token, outcome);
    }
    return outcome;
}

// E1 of an INSERT: the lease is taken before the row can exist, so that the push may create its hash.
Result<void> WriteThrough::takeKeyAndLease(Edit &edit, Outcome &outcome, QByteArray &token)
{
    if (edit.key.text.isEmpty()) {
        if (m_mapping.keyDefault.isEmpty())
            return Failure(noKeyDefault(m_mapping));
        const auto key = m_postgres.rows().nextKey(Clock::now() + m_settings.statementDeadline);
        if (!key) {
            StoreError error = key.error();
            error.sent = false; // a drawn number that nobody uses is no change
            return Failure(error);
        }
        edit.key = *key;
    }
    if (!isUsableKey(edit.key))
        return Failure(unusableKey(m_mapping.key));
    const Instant start = Clock::now();
    if (m_mapping.config.warm == WarmPolicy::Always && m_redis.ensure(m_settings.ackDeadline)) {
        if (const auto read = m_redis.cache().read(edit.key, Clock::now() + m_settings.ackDeadline))
            token = read->leaseToken;
    }
    outcome.timings.redis += Clock::now() - start;
    return {};
}

// E2
Result<WrittenRow> WriteThrough::writeRow(const Edit &edit)
{
    for (int attempt = 1;; ++attempt) {
        auto written = m_postgres.rows().write(edit, Clock::now() + m_settings.statementDeadline);
        if (written || !writeplan::shouldResend(written.error(), attempt))
            return written;
    }
}

// E3: the row is not what it was. The current one is pushed, which is always safe, and shown.
void WriteThrough::answerConflict(const Edit &edit, Outcome &outcome)
{
    outcome.verdict = Verdict::Conflict;
    const auto current = m_postgres.rows().row(edit.key, Clock::now() + m_settings.statementDeadline);
    if (!current) {
        outcome.error = current.error();
        return;
    }
    outcome.row = *current;
    if (*current && m_redis.ensure(m_settings.ackDeadline))
        std::ignore = m_redis.cache().putRow(**current, {}, Clock::now() + m_settings.ackDeadline);
}

// E2: the operation id has its verdict row already, so an earlier attempt had committed.
void WriteThrough::answerRepeatedInsert(const Edit &edit, Outcome &outcome)
{
    const auto current = m_postgres.rows().row(edit.key, Clock::now() + m_settings.statementDeadline);
    if (!current) {
        outcome.verdict = Verdict::Unknown;
        outcome.error = current.error();
    } else if (!*current) {
        outcome.verdict = Verdict::Conflict; // added, and deleted by someone since
    } else {
        outcome.row = *current;
        push(edit, WrittenRow{**current, std::nullopt, (*current)->key}, {}, outcome);
    }
}

// E4 and E5
void WriteThrough::push(const Edit &edit, const WrittenRow &written, const QByteArray &token, Outcome &outcome)
{
    const Instant start = Clock::now();
    const Instant deadline = start + m_settings.ackDeadline;
    const auto reply = putUntil(written, token, deadline);
    if (!reply || !writeplan::isAcknowledged(*reply)) {
        outcome.verdict = Verdict::CommittedCachePending;
        if (!reply)
            outcome.error = reply.error();
    } else {
        outcome.verdict = Verdict::Committed;
        if (writeplan::shouldWarm(m_mapping, edit.kind, *reply))
            warmUp(written.key, deadline);
    }
    outcome.timings.redis += Clock::now() - start;
}

Result<PutReply> WriteThrough::putOnce(const WrittenRow &written, const QByteArray &token, Instant deadline)
{
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    if (const auto open = m_redis.ensure(left); !open)
        return Failure(open.error());
    auto reply = written.row ? m_redis.cache().putRow(*written.row, token, deadline)
                             : m_redis.cache().putDeleted(written.key, *written.deleted, deadline);
    if (reply || reply.error().dropConnection())
        return reply;
    // Redis answered and refused (out of memory, a forbidden command): dropping the hash is the answer that is always
    // right and nearly always allowed.
    if (const auto dropped = m_redis.cache().invalidate(written.key, deadline); !dropped)
        return Failure(dropped.error());
    return PutReply::Deleted;
}

Result<PutReply> WriteThrough::putUntil(const WrittenRow &written, const QByteArray &token, Instant deadline)
{
    // A push may be repeated any number of times. A connection that broke is replaced at once; when that fails the
    // back-off of the link decides, so that a Redis that is away does not cost every edit its whole deadline.
    for (;;) {
        auto reply = putOnce(written, token, deadline);
        if (reply || m_redis.context().isOpen() || reply.error().kind == ErrorKind::Interrupted)
            return reply;
        const bool again = m_redis.backoff().isDue(Clock::now()) && Clock::now() < deadline;
        if (!again)
            return reply;
    }
}

void WriteThrough::warmUp(const RowKey &key, Instant deadline)
{
    // A warm-up that fails changes no outcome: the row is committed, and absence in the cache is no fault.
    const auto read = m_redis.cache().read(key, deadline);
    if (!read || read->hit)
        return;
    const auto row = m_postgres.rows().row(key, deadline);
    if (!row || !*row)
        return;
    std::ignore = m_redis.cache().fill(**row, read->leaseToken, deadline);
}

} // namespace throughline
