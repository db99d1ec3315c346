// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadworker.h"

#include <algorithm>
#include <utility>

#include <sys/prctl.h>

namespace throughline {

namespace {

constexpr milliseconds lateFrom{1};

/// The kernel may wake a sleeper up to 50 us late, to wake others with it; who sends at a given time does not want
/// that.
void sleepExactly()
{
    prctl(PR_SET_TIMERSLACK, 1UL);
}

} // namespace

LoadWorker::LoadWorker(const Mapping &mapping, const EngineSettings &settings, const LoadSettings &load,
                       const MakerOf &of, std::unique_ptr<WritePath> path, const Interrupt *interrupt,
                       const Means &means)
    : m_mapping(mapping)
    , m_settings(settings)
    , m_batch(std::min(static_cast<size_t>(load.batch), path->mostAtOnce()))
    , m_mostRows(std::max<size_t>(1, LoadTally::mostRows / static_cast<size_t>(of.workers)))
    , m_onlyReads(load.mix.update == 0 && load.mix.insert == 0 && load.mix.remove == 0)
    , m_means(means)
    , m_workload(load, mapping, of)
    , m_path(std::move(path))
    , m_reader(mapping, settings, interrupt)
    , m_nextUpkeep(Clock::now() + settings.retention / 10)
{
}

void LoadWorker::run()
{
    sleepExactly();
    for (;;) {
        plan();
        if (m_turn == Dispatcher::Turn::Ended)
            break;
        if (sendPlanned())
            continue;
        if (m_freeTickets.size() < m_inFlight.size())
            take(m_path->finish(m_turn == Dispatcher::Turn::NotYet ? m_means.dispatcher.nextDue() : Instant::max()));
        else if (m_turn == Dispatcher::Turn::Over || !m_planned.empty()) // these have no rows any more
            break;
        upkeep();
    }
    while (m_freeTickets.size() < m_inFlight.size())
        take(m_path->finish(Instant::max()));
}

/// Takes what is due. Only who has nothing else to do waits for it.
void LoadWorker::plan()
{
    if (std::exchange(m_storeIsAway, false))
        m_means.dispatcher.rest(m_settings.firstRetry);
    if (m_turn == Dispatcher::Turn::Over) {
        if (m_means.dispatcher.hasEnded())
            m_turn = Dispatcher::Turn::Ended;
        return;
    }
    const bool isIdle = m_planned.empty() && m_freeTickets.size() == m_inFlight.size();
    m_times.clear();
    if (m_planned.size() < m_batch)
        m_turn = m_means.dispatcher.take(m_batch - m_planned.size(), isIdle, m_times);
    else if (m_means.dispatcher.hasEnded())
        m_turn = Dispatcher::Turn::Ended;
    for (const Instant due : m_times) {
        auto operation = m_workload.next(m_means.pool);
        if (!operation) { // no row is left
            m_turn = Dispatcher::Turn::Over;
            break;
        }
        operation->due = due;
        m_planned.push_back(std::move(*operation));
    }
}

/// False when nothing could be sent: what is planned waits for an answer of its row.
bool LoadWorker::sendPlanned()
{
    std::vector<LoadOperation> updates, others, waiting;
    updates.reserve(m_planned.size());
    for (LoadOperation &operation : m_planned) {
        if (!mayLeave(operation))
            waiting.push_back(std::move(operation));
        else if (operation.kind == LoadOperation::Kind::Update)
            updates.push_back(std::move(operation));
        else
            others.push_back(std::move(operation));
    }
    m_planned = std::move(waiting);
    if (updates.empty() && others.empty())
        return false;
    if (!updates.empty())
        send(std::move(updates));
    for (LoadOperation &operation : others) {
        if (operation.kind == LoadOperation::Kind::Read) {
            read(operation);
            continue;
        }
        std::vector<LoadOperation> one;
        one.push_back(std::move(operation));
        send(std::move(one));
    }
    upkeep();
    return true;
}

bool LoadWorker::needsRowAlone(LoadOperation::Kind kind) const
{
    using Kind = LoadOperation::Kind;
    return kind == Kind::Remove || (kind == Kind::Update && !m_path->repeatsRows());
}

/// A row is written once at a time: the second write is made on what the first one left.
bool LoadWorker::mayLeave(LoadOperation &operation)
{
    using Kind = LoadOperation::Kind;
    KeyPool &pool = m_means.pool;
    if (operation.kind == Kind::Insert)
        return true;
    if (!pool.isOffered(operation.slot)) {
        if (pool.size() == 0)
            return false;
        operation.slot = m_workload.anotherRow(pool);
    }
    if (operation.kind == Kind::Read)
        return true;
    if (pool.isBusy(operation.slot))
        return false;
    if (needsRowAlone(operation.kind))
        pool.setBusy(operation.slot, true);
    return true;
}

void LoadWorker::send(std::vector<LoadOperation> operations)
{
    const Instant sent = Clock::now();
    WriteBatch batch;
    batch.tickets.reserve(operations.size());
    batch.edits.reserve(operations.size());
    qint64 late = 0;
    for (LoadOperation &operation : operations) {
        if (operation.due == Pacer::anyTime)
            operation.due = sent;
        late += sent - operation.due > lateFrom;
        batch.tickets.push_back(ticketFor(operation, sent));
        batch.edits.push_back(editOf(operation, sent));
    }
    m_means.meter.count([&](LoadTally &tally) {
        tally.sent += std::ssize(operations);
        tally.late += late;
    });
    take(m_path->send(std::move(batch)));
}

void LoadWorker::read(const LoadOperation &operation)
{
    const Instant sent = Clock::now();
    const Instant due = operation.due == Pacer::anyTime ? sent : operation.due;
    const auto answer = m_reader.read(m_means.pool.key(operation.slot));
    const Instant now = Clock::now();
    m_means.meter.count([&](LoadTally &tally) {
        ++tally.sent;
        tally.late += sent - due > lateFrom;
        if (!answer) {
            ++tally.failedReads;
            tally.takeError(answer.error());
            return;
        }
        ++tally.reads;
        if (!m_onlyReads) // the percentiles would be of neither
            return;
        tally.intended.record(now - due);
        tally.service.record(now - sent);
    });
    m_storeIsAway = m_storeIsAway || (!answer && answer.error().unavailable());
}

Edit LoadWorker::editOf(LoadOperation &operation, Instant sent)
{
    Edit edit;
    edit.op = m_ids.next();
    edit.origin = Origin::Generator;
    edit.submitted = sent;
    edit.changes = std::move(operation.changes);
    switch (operation.kind) {
    case LoadOperation::Kind::Insert:
        edit.kind = EditKind::Insert;
        return edit;
    case LoadOperation::Kind::Remove:
        edit.kind = EditKind::Delete;
        break;
    case LoadOperation::Kind::Update:
    case LoadOperation::Kind::Read:
        break;
    }
    edit.key = m_means.pool.key(operation.slot);
    edit.base = m_means.pool.version(operation.slot);
    return edit;
}

size_t LoadWorker::ticketFor(const LoadOperation &operation, Instant sent)
{
    if (m_freeTickets.empty()) {
        m_freeTickets.push_back(m_inFlight.size());
        m_inFlight.emplace_back();
    }
    const size_t ticket = m_freeTickets.back();
    m_freeTickets.pop_back();
    m_inFlight[ticket] = {operation.slot, operation.kind, operation.due, sent, needsRowAlone(operation.kind)};
    return ticket;
}

void LoadWorker::release(size_t ticket)
{
    const InFlight &write = m_inFlight[ticket];
    if (write.hasRow)
        m_means.pool.setBusy(write.slot, false);
    m_freeTickets.push_back(ticket);
}

void LoadWorker::take(std::vector<WriteAnswers> answers)
{
    for (WriteAnswers &together : answers) {
        for (size_t i = 0; i < together.tickets.size(); ++i)
            noteInPool(m_inFlight[together.tickets[i]], together.outcomes[i]);
        m_means.meter.count([&](LoadTally &tally) { count(tally, together); });
        std::ranges::for_each(together.tickets, [this](size_t ticket) { release(ticket); });
        std::ranges::for_each(together.coalesced, [this](size_t ticket) { release(ticket); });
    }
}

void LoadWorker::count(LoadTally &tally, WriteAnswers &answers)
{
    tally.coalesced += std::ssize(answers.coalesced);
    for (size_t i = 0; i < answers.tickets.size(); ++i) {
        const InFlight &write = m_inFlight[answers.tickets[i]];
        Outcome &outcome = answers.outcomes[i];
        tally.take(outcome.verdict, outcome.error);
        const bool lacksPostgres =
            outcome.error && outcome.error->store == Store::Postgres && outcome.error->unavailable();
        m_storeIsAway = m_storeIsAway || lacksPostgres || outcome.verdict == Verdict::Unavailable;
        if (outcome.verdict == Verdict::Committed) {
            tally.intended.record(answers.at - write.due);
            tally.service.record(answers.at - write.sent);
            if (outcome.timings.redis.count() > 0)
                tally.staleness.record(outcome.timings.redis);
        }
        if (m_means.collectsRows.load(std::memory_order_relaxed))
            show(tally, write, outcome);
    }
}

void LoadWorker::show(LoadTally &tally, const InFlight &write, Outcome &outcome) const
{
    if (write.kind == LoadOperation::Kind::Update && outcome.row && tally.rows.size() < m_mostRows)
        tally.rows.push_back(std::move(*outcome.row));
    else if (outcome.row || outcome.isCommitted())
        tally.rowsSkipped = true;
}

/// The next edit of the row is made on what this one left.
void LoadWorker::noteInPool(const InFlight &write, const Outcome &outcome)
{
    KeyPool &pool = m_means.pool;
    const bool mayHaveChanged = outcome.isCommitted() || outcome.verdict == Verdict::Unknown;
    if (write.kind == LoadOperation::Kind::Insert) {
        if (outcome.isCommitted())
            pool.markTouched(pool.add(outcome.key, outcome.row ? outcome.row->version : RowVersion()));
        else if (mayHaveChanged && !outcome.key.text.isEmpty())
            pool.noteTouched(outcome.key);
        return;
    }
    if (mayHaveChanged)
        pool.markTouched(write.slot); // whatever became of it, the stores have to agree
    if (outcome.row)
        pool.setVersion(write.slot, outcome.row->version);
    const bool isDeleted = write.kind == LoadOperation::Kind::Remove && outcome.isCommitted();
    const bool isGone = outcome.verdict == Verdict::Conflict && !outcome.row && !outcome.error;
    if (isDeleted || isGone)
        pool.remove(write.slot);
}

void LoadWorker::upkeep()
{
    const Instant now = Clock::now();
    if (now < m_nextUpkeep)
        return;
    m_path->upkeep();
    m_nextUpkeep = now + m_settings.retention / 10;
}

} // namespace throughline
