// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stagedcarrier.h"

#include "base/faultpoint.h"

#include <QCoreApplication>

#include <algorithm>

namespace throughline {

namespace {

constexpr size_t writesAtOnce = 128;
constexpr size_t mostEvents = 1000;     ///< between two readings; the figures count all
constexpr milliseconds notAtOnce{1000}; ///< what is older counts as waiting
constexpr milliseconds firstRetry{100};
constexpr milliseconds lastRetry{3000};

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(StagedCarrier)
};

bool changesRow(const StagedWrite &write)
{
    return write.op == StagedOp::Upsert || write.op == StagedOp::Delete;
}

} // namespace

StagedCarrier::StagedCarrier(const Mapping &mapping, const std::vector<QByteArray> &otherPrefixes,
                             PostgresLink &postgres, RedisLink &redis, const EngineSettings &settings,
                             const QByteArray &gateway)
    : m_mapping(mapping)
    , m_settings(settings)
    , m_redis(redis)
    , m_table(mapping, otherPrefixes, postgres, redis, settings)
    , m_area(redis.context(), mapping, gateway, settings.leaseTime, settings.stagedOwnTime)
    , m_store(postgres.connection(), mapping)
    , m_applier(m_store, mapping, settings)
    , m_sequence(postgres.connection(), mapping)
    , m_pushes(postgres, redis, m_table.label, m_table.rows, m_table.cache, settings)
{
}

Instant StagedCarrier::soon() const
{
    return Clock::now() + m_settings.readDeadline;
}

Instant StagedCarrier::late() const
{
    return Clock::now() + m_settings.statementDeadline;
}

Result<void> StagedCarrier::work()
{
    if (const auto answered = answerOwed(); !answered)
        return answered;
    const std::vector<RowKey> keys = m_queue.takeDue(Clock::now(), writesAtOnce);
    if (keys.empty())
        return {};
    auto hand = take(keys);
    if (!hand) {
        for (const RowKey &key : keys)
            retryLater(key, false);
        return Failure(hand.error());
    }
    if (hand->empty())
        return {};
    faultPoint(FaultPoint::StagedTaken);
    decide(*hand);
    readAgain(*hand);
    faultPoint(FaultPoint::BeforeFinish);
    const auto answered = answer(*hand);
    raiseSequence(*hand);
    return answered;
}

// S1
Result<std::vector<StagedCarrier::InHand>> StagedCarrier::take(const std::vector<RowKey> &keys)
{
    auto taken = m_area.take(keys, soon());
    if (!taken)
        return Failure(taken.error());
    std::vector<InHand> hand;
    for (size_t i = 0; i < keys.size(); ++i) {
        auto &one = (*taken)[i];
        if (!one) { // over its memory limit, perhaps
            retryLater(keys[i], false);
            m_since.error = one.error();
        } else if (auto mine = handOf(keys[i], *one)) {
            hand.push_back(std::move(*mine));
        }
    }
    return hand;
}

std::optional<StagedCarrier::InHand> StagedCarrier::handOf(const RowKey &key, TakenWrite &taken)
{
    InHand one;
    one.nonce = taken.nonce;
    one.token = taken.token;
    switch (taken.kind) {
    case TakenWrite::Kind::None:
        m_queue.finish(key, Clock::now());
        return std::nullopt;
    case TakenWrite::Kind::Busy:
        m_queue.retry(key, Clock::now() + taken.busyFor, false);
        return std::nullopt;
    case TakenWrite::Kind::BadType:
        one.nonce = "badtype"; // there is no work to name
        one.write = parseStagedWrite(m_mapping, key, {}, one.nonce);
        one.write.op = StagedOp::Unknown;
        one.write.refusal = StagedRefusal::NotAHash;
        one.write.reason = Words::tr("What was staged is no hash.");
        break;
    case TakenWrite::Kind::Taken:
        one.write = parseStagedWrite(m_mapping, key, taken.fields, taken.nonce);
        break;
    }
    m_since.taken += m_queue.begin(key, one.nonce, Clock::now());
    const auto held = m_queue.heldSince(key);
    if (one.write.refusal == StagedRefusal::None && changesRow(one.write) && held &&
        Clock::now() - *held > m_settings.stagedDeadline) {
        one.write.refusal = StagedRefusal::TimedOut;
        one.write.reason = Words::tr("The write could not be carried out in time; stage it again.");
    }
    return one;
}

// S3 and S4
void StagedCarrier::decide(std::vector<InHand> &hand)
{
    std::vector<size_t> fresh, again;
    for (size_t i = 0; i < hand.size(); ++i) {
        if (changesRow(hand[i].write) || hand[i].write.refusal != StagedRefusal::None)
            (m_queue.heldSince(hand[i].write.key) ? again : fresh).push_back(i);
        else
            hand[i].fate.verdict = StagedVerdict{true, false, {}, {}, {}, {}}; // of the cache alone
    }
    const auto apply = [&](const std::vector<size_t> &indexes, auto how) {
        std::vector<StagedWrite> writes;
        for (const size_t index : indexes)
            writes.push_back(hand[index].write);
        std::vector<StagedFate> fates = (m_applier.*how)(std::move(writes));
        for (size_t i = 0; i < fates.size(); ++i)
            hand[indexes[i]].fate = std::move(fates[i]);
    };
    if (!fresh.empty())
        apply(fresh, &StagedApplier::apply);
    if (!again.empty())
        apply(again, &StagedApplier::applyAgain);
}

/// Where somebody's trigger may have changed a row once more before it was committed.
void StagedCarrier::readAgain(std::vector<InHand> &hand)
{
    if (!m_mapping.foreignTriggers)
        return;
    std::vector<RowKey> keys;
    for (const InHand &one : hand) {
        if (one.fate.verdict && one.fate.verdict->row)
            keys.push_back(one.fate.verdict->row->key);
    }
    const auto rows = keys.empty() ? Result<std::vector<Row>>() : m_table.rows.rows(keys, late());
    for (InHand &one : hand) {
        if (!one.fate.verdict || !one.fate.verdict->row)
            continue;
        if (!rows) { // committed, but not known: it is asked for again
            one.fate.verdict.reset();
            one.fate.error = rows.error();
            continue;
        }
        const auto found = std::ranges::find(*rows, one.fate.verdict->row->key, &Row::key);
        one.fate.verdict->row = found == rows->end() ? std::optional<Row>() : *found;
    }
}

void StagedCarrier::raiseSequence(const std::vector<InHand> &hand)
{
    RowKey highest{"0"};
    for (const InHand &one : hand) {
        if (one.fate.verdict && one.fate.verdict->row && m_mapping.key.kind == ColumnKind::Integer &&
            one.fate.verdict->row->key.text.toLongLong() > highest.text.toLongLong())
            highest = one.fate.verdict->row->key;
    }
    std::ignore = m_sequence.raiseTo(highest, late()); // a courtesy to those who add rows without a key
}

// S5
Result<void> StagedCarrier::answer(std::vector<InHand> &hand)
{
    std::vector<StagedAnswer> answers;
    std::vector<size_t> indexes;
    const bool mayCreate = m_mapping.config.warm == WarmPolicy::Always && mayFill(); // of all: it asks Redis
    for (size_t i = 0; i < hand.size(); ++i) {
        if (hand[i].fate.verdict) {
            answers.push_back(answerOf(hand[i], mayCreate));
            indexes.push_back(i);
        } else {
            retryLater(hand[i].write.key, true);
            if (hand[i].fate.error && hand[i].fate.error->kind != ErrorKind::Transient) // no fault of a store
                m_since.error = hand[i].fate.error;
        }
    }
    if (answers.empty())
        return {};
    const auto replies = m_area.finish(answers, soon());
    std::vector<bool> answered(hand.size());
    for (size_t n = 0; replies && n < indexes.size(); ++n)
        answered[indexes[n]] = settle(hand[indexes[n]], (*replies)[n]);
    remember(hand, answered);
    if (replies)
        return {};
    owe(hand);
    return Failure(replies.error());
}

bool StagedCarrier::settle(const InHand &one, const Result<bool> &hasNext)
{
    const RowKey &key = one.write.key;
    if (hasNext) {
        record(one);
        m_queue.finish(key, Clock::now());
        if (*hasNext)
            m_queue.notice(key, Clock::now());
        return true;
    }
    retryLater(key, true);
    m_since.error = hasNext.error();
    if (one.fate.verdict->done) // out of memory, perhaps: what the hash says may be old
        std::ignore = m_table.cache.invalidate(key, soon());
    return false;
}

/// Redis may come back without what we had taken, and have been recovered before the verdict was given: then nobody but
/// us knows that an answer is owed.
void StagedCarrier::owe(std::vector<InHand> &hand)
{
    for (InHand &one : hand) {
        if (!one.fate.verdict)
            continue;
        one.fate.verdict->before = true; // its push is remembered already
        one.token.clear();               // of a connection that is gone
        m_owed.push_back(std::move(one));
    }
}

Result<void> StagedCarrier::answerOwed()
{
    std::vector<InHand> owed = std::exchange(m_owed, {});
    return owed.empty() ? Result<void>() : answer(owed);
}

StagedAnswer StagedCarrier::answerOf(InHand &one, bool mayCreate)
{
    const StagedVerdict &verdict = *one.fate.verdict;
    StagedAnswer answer;
    answer.key = one.write.key;
    answer.nonce = one.nonce;
    answer.uuid = one.write.uuid;
    answer.done = verdict.done;
    answer.reason = verdict.failure;
    if (one.write.refusal == StagedRefusal::NotAHash)
        answer.effect = StagedEffect::Discard;
    if (!verdict.done)
        return answer;
    if (one.write.op == StagedOp::CacheOnly) {
        answer.effect = StagedEffect::Overwrite;
        answer.row.values.resize(m_mapping.fields.size());
        for (const FieldChange &change : one.write.changes)
            answer.row.values[static_cast<size_t>(change.field)] = change.value;
        answer.unmapped = one.write.unmapped;
        return answer;
    }
    answer.effect = StagedEffect::Drop;
    // A key that PostgreSQL takes for the same has a hash of another name.
    if (verdict.deleted && verdict.deletedKey != one.write.key)
        one.isPutElsewhere = put({'D', verdict.deletedKey, *verdict.deleted, {}, nullptr});
    if (verdict.row && verdict.row->key != one.write.key)
        one.isPutElsewhere = put({'U', verdict.row->key, verdict.row->version, {}, &*verdict.row});
    if (!verdict.row || verdict.row->key != one.write.key)
        return answer;
    answer.effect = StagedEffect::Put;
    answer.row = *verdict.row;
    answer.unmapped = one.write.unmapped;
    if (mayCreate)
        answer.token = one.token;
    return answer;
}

bool StagedCarrier::put(const CachePut &put)
{
    const auto replies = m_table.cache.putOrDrop({&put, 1}, soon());
    return replies && replies->front();
}

/// R1: before the cache is recovered nobody creates a hash.
bool StagedCarrier::mayFill()
{
    if (!m_table.recovered) {
        const auto instance = m_table.state.instance(soon());
        m_table.recovered = instance && instance->recovered;
    }
    return m_table.recovered;
}

void StagedCarrier::record(const InHand &one)
{
    const StagedVerdict &verdict = *one.fate.verdict;
    const StagedRefusal refusal = verdict.done ? StagedRefusal::None : refusalOf(verdict.failure);
    m_since.done += verdict.done;
    m_since.failed[static_cast<size_t>(refusal)] += !verdict.done;
    const nanoseconds took = Clock::now() - m_queue.noticedAt(one.write.key);
    m_latency.record(took);
    if (m_events.size() < mostEvents)
        m_events.push_back({QDateTime::currentDateTimeUtc(), m_table.label, one.write.key, one.write.op,
                            !one.write.uuid.isEmpty(), verdict.done, verdict.failure, took, one.write.id});
}

/// E6 for the outbox rows of the statements that were applied now.
void StagedCarrier::remember(const std::vector<InHand> &hand, const std::vector<bool> &answered)
{
    QHash<OpId, RetainedPush> pushes;
    for (size_t i = 0; i < hand.size(); ++i) {
        const auto &verdict = hand[i].fate.verdict;
        if (!verdict || !verdict->done || verdict->before || (!verdict->row && !verdict->deleted))
            continue;
        const OutboxKey key = verdict->row ? OutboxKey{verdict->row->key, verdict->row->version}
                                           : OutboxKey{verdict->deletedKey, *verdict->deleted};
        const OpId &statement = hand[i].fate.statement;
        auto push = pushes.find(statement);
        if (push == pushes.end())
            push = pushes.insert(statement, {0, statement, key.version, {}, {}, true, Clock::now(), m_redis.number()});
        push->lowest = std::min(push->lowest, RowVersion{key.version.number - 1});
        push->keys.push_back(key);
        push->pushed = push->pushed && answered[i] && hand[i].isPutElsewhere;
    }
    for (RetainedPush &push : pushes)
        m_pushes.add(std::move(push), {});
}

void StagedCarrier::retryLater(const RowKey &key, bool isHeld)
{
    const milliseconds wait = std::min(firstRetry * (1 << std::min(m_queue.attempts(key), 10)), lastRetry);
    m_queue.retry(key, Clock::now() + wait, isHeld);
}

StagedReport StagedCarrier::takeReport()
{
    m_since.waiting = m_queue.countSince(Clock::now() - notAtOnce) + std::ssize(m_owed);
    return std::exchange(m_since, {});
}

} // namespace throughline
