// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/writethrough.h"

#include "base/faultpoint.h"
#include "engine/readthrough.h"
#include "engine/writeplan.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>
#include <ranges>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int largestKeyBlock = 64;

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

StoreError neverArrived()
{
    StoreError error;
    error.store = Store::Postgres;
    error.message = QCoreApplication::translate("WriteThrough", "The edit had not reached PostgreSQL, and never will.");
    return error;
}

/// Reading a key, or drawing one that nobody uses, is no change.
StoreError notSent(StoreError error)
{
    error.sent = false;
    return error;
}

Outcome blankOutcome(const Edit &edit, const OpId &statement)
{
    Outcome outcome;
    outcome.op = edit.op;
    outcome.kind = edit.kind;
    outcome.key = edit.key;
    outcome.origin = edit.origin;
    outcome.statement = statement;
    outcome.timings.queued = Clock::now() - edit.submitted;
    return outcome;
}

std::vector<Fate> fatesOf(std::vector<WrittenRow> written)
{
    std::vector<Fate> fates(written.size());
    for (size_t i = 0; i < written.size(); ++i) {
        if (!written[i].nothing())
            fates[i] = {Fate::Kind::Written, std::move(written[i]), {}, {}};
    }
    return fates;
}

/// The key as PostgreSQL spells it, with the version that its hash is deleted by if the row is gone later.
OutboxKey outboxKeyOf(const Edit &edit, const Fate &fate)
{
    if (fate.kind == Fate::Kind::AppliedBefore)
        return {edit.key, fate.journal};
    const WrittenRow &written = fate.written;
    return {written.key, written.row ? written.row->version : *written.deleted};
}

} // namespace

WriteThrough::WriteThrough(Mapping mapping, const EngineSettings &settings, const Interrupt *interrupt)
    : m_mapping(std::move(mapping))
    , m_settings(settings)
    , m_postgres(m_mapping, settings, LinkRole::Writer, interrupt)
    , m_redis(m_mapping, settings, interrupt)
    , m_resolver(m_postgres, m_mapping, settings, interrupt)
    , m_pushes(m_postgres, m_redis, m_mapping.config.label.toUtf8(), m_postgres.rows(), m_redis.cache(), settings)
    , m_journal(settings.stateDirectory, m_mapping.config.label)
    , m_sequence(m_postgres.connection(), m_mapping)
{
}

Outcome WriteThrough::write(Edit edit)
{
    const OpId op = edit.op;
    return writeStatement({op, {std::move(edit)}}).front();
}

std::vector<Outcome> WriteThrough::writeBatch(std::vector<Edit> edits)
{
    if (edits.size() == 1)
        return {write(std::move(edits.front()))};
    return edits.empty() ? std::vector<Outcome>() : writeStatement({OpId::create(), std::move(edits)});
}

std::vector<Outcome> WriteThrough::writeStatement(Statement statement)
{
    std::vector<Outcome> outcomes = blankOutcomes(statement);
    const Instant start = Clock::now();
    const QDateTime since = QDateTime::currentDateTimeUtc();
    Lease lease;
    auto ready = m_postgres.ensure();
    if (ready && statement.isInsert())
        ready = prepare(statement.edits.front(), lease, outcomes.front());
    const Instant sent = statement.isInsert() ? Clock::now() : start;
    const auto fates = ready ? execute(statement) : Result<std::vector<Fate>>(Failure(ready.error()));
    for (Outcome &outcome : outcomes)
        outcome.timings.postgres = Clock::now() - sent;
    return answerAll(std::move(statement), fates, lease, since, std::move(outcomes));
}

std::vector<Outcome> WriteThrough::resume(Statement statement, const StoreError &ended)
{
    std::vector<Outcome> outcomes = blankOutcomes(statement);
    const QDateTime since = QDateTime::currentDateTimeUtc();
    const auto fates = attempts(statement, ended);
    return answerAll(std::move(statement), fates, {}, since, std::move(outcomes));
}

std::vector<Outcome> WriteThrough::complete(const Statement &statement, const std::vector<Fate> &fates)
{
    std::vector<Outcome> outcomes = blankOutcomes(statement);
    answer(statement, fates, {}, outcomes);
    return outcomes;
}

std::vector<Outcome> WriteThrough::blankOutcomes(const Statement &statement) const
{
    std::vector<Outcome> outcomes;
    outcomes.reserve(statement.edits.size());
    for (const Edit &edit : statement.edits)
        outcomes.push_back(blankOutcome(edit, statement.op));
    return outcomes;
}

std::vector<Outcome> WriteThrough::answerAll(Statement statement, const Result<std::vector<Fate>> &fates,
                                             const Lease &lease, const QDateTime &since, std::vector<Outcome> outcomes)
{
    if (fates) {
        answer(statement, *fates, lease, outcomes);
        return outcomes;
    }
    if (statement.edits.size() == 1 || !writeplan::isRefusal(fates.error())) {
        answerFailure(statement, fates.error(), since, outcomes);
        return outcomes;
    }
    // One row refused them all: halve until it stands alone.
    const auto middle = statement.edits.begin() + static_cast<std::ptrdiff_t>(statement.edits.size() / 2);
    outcomes = writeBatch({statement.edits.begin(), middle});
    std::ranges::move(writeBatch({middle, statement.edits.end()}), std::back_inserter(outcomes));
    return outcomes;
}

// E1 of an INSERT: the lease is taken before the row can exist, so that the push may create its hash.
Result<void> WriteThrough::prepare(Edit &edit, Lease &lease, Outcome &outcome)
{
    if (edit.key.text.isEmpty()) {
        if (m_mapping.keyDefault.isEmpty())
            return Failure(noKeyDefault(m_mapping));
        const auto key = nextKey();
        if (!key)
            return Failure(key.error());
        edit.key = *key;
    } else if (const auto key = m_postgres.rows().canonicalKey(edit.key, Clock::now() + m_settings.statementDeadline)) {
        edit.key = *key; // the lease has the name that the hash will have
    } else {
        return Failure(notSent(key.error()));
    }
    outcome.key = edit.key;
    if (!isUsableKey(edit.key))
        return Failure(unusableKey(m_mapping.key));
    const Instant start = Clock::now();
    const Instant deadline = start + m_settings.ackDeadline;
    if (m_mapping.config.warm == WarmPolicy::Always && m_redis.ensure(m_settings.ackDeadline) &&
        m_redis.mayFill(deadline)) {
        if (const auto read = m_redis.cache().read(edit.key, deadline))
            lease = {read->leaseToken, m_redis.number()};
    }
    outcome.timings.redis += Clock::now() - start;
    return {};
}

/// Keys are drawn in blocks that grow while rows are added, so that one edit costs one statement.
Result<RowKey> WriteThrough::nextKey()
{
    if (m_keyStock.empty()) {
        auto keys = m_postgres.rows().nextKeys(m_keyBlock, Clock::now() + m_settings.statementDeadline);
        if (!keys)
            return Failure(notSent(keys.error()));
        m_keyBlock = std::min(m_keyBlock * 2, largestKeyBlock);
        m_keyStock.assign(keys->begin(), keys->end());
    }
    RowKey key = std::move(m_keyStock.front());
    m_keyStock.pop_front();
    m_sequence.reached(key);
    return key;
}

// E2, and U1 to U3 when its answer is lost.
Result<std::vector<Fate>> WriteThrough::execute(const Statement &statement)
{
    faultPoint(FaultPoint::BeforeStatement);
    return attempts(statement, std::nullopt);
}

/// `ended`: how the first attempt ended, which somebody else has made.
Result<std::vector<Fate>> WriteThrough::attempts(const Statement &statement, std::optional<StoreError> ended)
{
    for (int attempt = 1;; ++attempt) {
        auto written = ended ? Result<std::vector<WrittenRow>>(Failure(*std::exchange(ended, std::nullopt)))
                             : m_resolver.send(statement);
        if (written && statement.isInsert() && written->front().nothing())
            return m_resolver.resolve(statement, Clock::now() + m_settings.ackDeadline); // sent once before
        if (written)
            return fatesOf(std::move(*written));
        if (writeplan::shouldResend(written.error(), attempt))
            continue;
        StoreError error = written.error();
        if (!error.outcomeUnknown())
            return Failure(error);
        if (isMutated(Mutation::UnkFailed)) {
            error.kind = ErrorKind::Other;
            return Failure(error);
        }
        auto fates = m_resolver.resolve(statement, Clock::now() + m_settings.ackDeadline);
        pushTouched();
        return fates ? std::move(fates) : Result<std::vector<Fate>>(Failure(error));
    }
}

void WriteThrough::answer(const Statement &statement, const std::vector<Fate> &fates, const Lease &lease,
                          std::vector<Outcome> &outcomes)
{
    for (size_t i = 0; i < fates.size(); ++i) {
        if (fates[i].kind != Fate::Kind::Refused)
            continue;
        outcomes[i].verdict = Verdict::Rejected;
        outcomes[i].error = writeplan::withColumn(m_mapping, statement.edits[i], *fates[i].refusal);
    }
    answerNotWritten(statement, fates, outcomes);
    push(statement, fates, lease, outcomes);
    raiseSequence(statement, fates);
}

/// A row that brought its own key must not meet one of the sequence's later. What the sequence gave is known to be
/// behind it, so that this costs a statement only where a key was typed.
void WriteThrough::raiseSequence(const Statement &statement, const std::vector<Fate> &fates)
{
    if (statement.isInsert() && fates.front().kind == Fate::Kind::Written)
        std::ignore = m_sequence.raiseTo(fates.front().written.key, Clock::now() + m_settings.statementDeadline);
}

void WriteThrough::answerFailure(const Statement &statement, const StoreError &error, const QDateTime &since,
                                 std::vector<Outcome> &outcomes)
{
    for (size_t i = 0; i < outcomes.size(); ++i) {
        outcomes[i].verdict = writeplan::verdictFor(error);
        outcomes[i].error = writeplan::withColumn(m_mapping, statement.edits[i], error);
    }
    if (outcomes.front().verdict != Verdict::Unknown)
        return;
    // U4: never "failed". It is settled as soon as PostgreSQL answers again, after a restart if need be.
    // What was cancelled is not sent again: it is only found out whether it had arrived.
    m_journal.remember({statement, since});
    m_unsettled.push_back({statement, outcomes, since, error.kind == ErrorKind::Interrupted});
}

// E3: the rows are not what they were. The current ones are pushed, which is always safe, and shown.
void WriteThrough::answerNotWritten(const Statement &statement, const std::vector<Fate> &fates,
                                    std::vector<Outcome> &outcomes)
{
    std::vector<RowKey> keys;
    std::vector<size_t> indexes;
    for (size_t i = 0; i < fates.size(); ++i) {
        if (fates[i].kind != Fate::Kind::NotApplied)
            continue;
        outcomes[i].verdict = statement.isInsert() ? Verdict::Rejected : Verdict::Conflict;
        if (statement.isInsert())
            outcomes[i].error = neverArrived();
        keys.push_back(statement.edits[i].key);
        indexes.push_back(i);
    }
    if (keys.empty() || statement.isInsert())
        return;
    const auto rows = m_postgres.rows().rows(keys, Clock::now() + m_settings.statementDeadline);
    if (!rows) {
        for (const size_t i : indexes)
            outcomes[i].error = rows.error();
        return;
    }
    std::vector<CachePut> puts;
    for (const Row &row : *rows) {
        puts.push_back({'U', row.key, row.version, {}, &row});
        for (const size_t i : indexes) {
            if (outcomes[i].key == row.key || indexes.size() == 1)
                outcomes[i].row = row;
        }
    }
    if (!puts.empty() && m_redis.ensure(m_settings.ackDeadline))
        std::ignore = m_redis.cache().putMany(puts, Clock::now() + m_settings.ackDeadline);
}

bool WriteThrough::isReadAgain(const Fate &fate) const
{
    return fate.kind == Fate::Kind::AppliedBefore || (m_mapping.foreignTriggers && fate.written.row);
}

// E4 and E5
void WriteThrough::push(const Statement &statement, const std::vector<Fate> &fates, const Lease &lease,
                        std::vector<Outcome> &outcomes)
{
    // A row is read again when nobody has returned it, or when it may not be as it was returned.
    std::vector<RowKey> again;
    for (size_t i = 0; i < fates.size(); ++i) {
        if (isReadAgain(fates[i]))
            again.push_back(outboxKeyOf(statement.edits[i], fates[i]).key);
    }
    const auto current = again.empty() ? Result<std::vector<Row>>()
                                       : m_postgres.rows().rows(again, Clock::now() + m_settings.statementDeadline);
    RetainedPush retained{0, statement.op, {std::numeric_limits<qint64>::max()}, {}, {}, false, {}, 0};
    std::vector<CachePut> puts;
    std::vector<size_t> indexes; ///< of the edits, in the order of retained.keys
    for (size_t i = 0; i < fates.size(); ++i) {
        const Fate &fate = fates[i];
        if (fate.kind != Fate::Kind::Written && fate.kind != Fate::Kind::AppliedBefore)
            continue;
        const OutboxKey key = outboxKeyOf(statement.edits[i], fate);
        const Row *row = fate.written.row ? &*fate.written.row : nullptr;
        if (isReadAgain(fate) && current) {
            const auto found = std::ranges::find(*current, key.key, &Row::key);
            row = found == current->end() ? nullptr : &*found;
        }
        if (row)
            outcomes[i].row = *row;
        puts.push_back({row ? 'U' : 'D', key.key, row ? row->version : key.version, {}, row});
        retained.lowest = std::min(retained.lowest, RowVersion{key.version.number - 1});
        retained.keys.push_back(key);
        indexes.push_back(i);
    }
    if (puts.empty())
        return;
    const Instant start = Clock::now();
    const Instant deadline = start + m_settings.ackDeadline;
    faultPoint(FaultPoint::BeforePush);
    PushResult result;
    if (!current || isMutated(Mutation::AckEarly)) {
        for (const OutboxKey &key : retained.keys)
            result.unanswered.push_back(key.key);
        if (!current)
            result.error = current.error();
    } else {
        result = putUntil(puts, lease, deadline);
    }
    faultPoint(FaultPoint::AfterPush);
    retained.pushed = result.unanswered.empty();
    retained.pushedAt = Clock::now();
    retained.connection = m_redis.number();
    if (!result.absent.empty())
        warmUp(result.absent, deadline);
    std::vector<Outcome> pending;
    for (size_t n = 0; n < indexes.size(); ++n) {
        Outcome &outcome = outcomes[indexes[n]];
        outcome.timings.redis += Clock::now() - start;
        const bool answered = std::ranges::find(result.unanswered, retained.keys[n].key) == result.unanswered.end();
        outcome.verdict =
            answered || isMutated(Mutation::AckEarly) ? Verdict::Committed : Verdict::CommittedCachePending;
        if (outcome.verdict == Verdict::Committed)
            continue;
        outcome.error = result.error;
        pending.push_back(outcome);
    }
    m_pushes.add(std::move(retained), std::move(pending));
}

WriteThrough::PushResult WriteThrough::putUntil(std::span<const CachePut> puts, const Lease &lease, Instant deadline)
{
    // A push may be repeated any number of times. A connection that broke is replaced at once; when that fails the
    // back-off of the link decides, so that a Redis that is away does not cost every edit its whole deadline.
    for (;;) {
        const auto replies = putOnce(puts, lease, deadline);
        if (!replies) {
            const bool again = !m_redis.context().isOpen() && replies.error().kind != ErrorKind::Interrupted &&
                               m_redis.backoff().isDue(Clock::now()) && Clock::now() < deadline;
            if (again)
                continue;
        }
        PushResult result;
        for (size_t i = 0; i < puts.size(); ++i) {
            const auto reply = replies ? (*replies)[i] : Result<PutReply>(Failure(replies.error()));
            if (!reply)
                result.error = reply.error();
            if (!reply || !writeplan::isAcknowledged(*reply))
                result.unanswered.push_back(puts[i].key);
            else if (puts[i].row && writeplan::shouldWarm(m_mapping, *reply))
                result.absent.push_back(puts[i].key);
        }
        return result;
    }
}

Result<std::vector<Result<PutReply>>> WriteThrough::putOnce(std::span<const CachePut> puts, const Lease &lease,
                                                            Instant deadline)
{
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    if (const auto open = m_redis.ensure(left); !open)
        return Failure(open.error());
    std::vector<CachePut> withToken(puts.begin(), puts.end());
    if (lease.connection == m_redis.number())
        withToken.front().token = lease.token;
    auto replies = m_redis.cache().putOrDrop(withToken, deadline);
    if (!replies)
        return replies;
    for (const auto &reply : *replies) {
        if (!reply && reply.error().dropConnection())
            return Failure(reply.error());
    }
    return replies;
}

void WriteThrough::warmUp(const std::vector<RowKey> &keys, Instant deadline)
{
    // A warm-up that fails changes no outcome: the row is committed, and absence in the cache is no fault. With little
    // time left it is not tried, because one that is late costs the connections.
    if (deadline - Clock::now() < m_settings.ackDeadline / 4)
        return;
    ReadThrough reader(m_postgres, m_redis, m_settings);
    std::ignore = reader.fill(keys, deadline);
}

std::vector<Outcome> WriteThrough::upkeep()
{
    std::vector<Outcome> answers = settle();
    pushTouched();
    std::ranges::move(m_pushes.work(), std::back_inserter(answers));
    return answers;
}

void WriteThrough::adoptUnsettled()
{
    for (UnsettledOperation &operation : m_journal.adopt()) {
        Unsettled unsettled{std::move(operation.statement), {}, operation.since, true};
        for (const Edit &edit : unsettled.statement.edits)
            unsettled.outcomes.push_back(blankOutcome(edit, unsettled.statement.op));
        m_unsettled.push_back(std::move(unsettled));
    }
}

std::vector<Outcome> WriteThrough::settle()
{
    std::vector<Outcome> answers;
    while (!m_unsettled.empty()) {
        Unsettled &one = m_unsettled.front();
        // The journal forgets; well before that, nobody can be sure any more.
        const bool tooLate = one.since.msecsTo(QDateTime::currentDateTimeUtc()) > m_settings.journalKeep.count() / 2;
        const auto fates = tooLate           ? Result<std::vector<Fate>>(std::vector<Fate>())
                           : one.isNotResent ? m_resolver.settle(one.statement, Clock::now())
                                             : m_resolver.resolve(one.statement, Clock::now());
        if (!fates) // the next one would wait for the same; the others have their turn first next time
            break;
        for (Outcome &outcome : one.outcomes) {
            outcome.late = true;
            if (!tooLate)
                outcome.error.reset();
        }
        if (!tooLate)
            answer(one.statement, *fates, {}, one.outcomes);
        m_journal.forget(one.statement.op);
        std::ranges::move(one.outcomes, std::back_inserter(answers));
        m_unsettled.erase(m_unsettled.begin());
    }
    if (m_unsettled.size() > 1)
        std::ranges::rotate(m_unsettled, m_unsettled.begin() + 1);
    return answers;
}

/// Rows whose version was raised to settle an operation are pushed like every other change.
void WriteThrough::pushTouched()
{
    for (auto &[op, key] : m_resolver.takeTouched())
        m_pushes.add({0, op, key.version, {}, {key}, false, {}, 0}, {});
}

} // namespace throughline
