// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadrunner.h"

#include "engine/rowreader.h"
#include "engine/verifier.h"
#include "engine/writethrough.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>
#include <functional>
#include <utility>

namespace throughline {

namespace {

constexpr int keysPerRead = 5000;
constexpr milliseconds stopGrace{1000};

StoreError failure(const QString &message)
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.message = message;
    return error;
}

LatencyMs percentilesOf(const LatencyHistogram &histogram)
{
    const auto ms = [](nanoseconds value) { return std::chrono::duration<double, std::milli>(value).count(); };
    return {ms(histogram.percentile(50)), ms(histogram.percentile(95)), ms(histogram.percentile(99)),
            ms(histogram.maximum())};
}

} // namespace

LoadRunner::LoadRunner(Mapping mapping, EngineSettings settings, LoadSettings load, std::function<void()> done)
    : m_mapping(std::move(mapping))
    , m_settings(std::move(settings))
    , m_load(load)
    , m_done(std::move(done))
    , m_rate(load.rate)
    , m_start(Clock::now())
    , m_thread([this] { run(); })
{
}

LoadRunner::~LoadRunner()
{
    stop();
    {
        std::unique_lock lock(m_mutex);
        if (!m_wake.wait_for(lock, stopGrace, [this] { return !m_running; }))
            m_interrupt.raise();
    }
    m_thread.join();
}

void LoadRunner::setRate(double perSecond)
{
    const std::lock_guard lock(m_mutex);
    m_rate = perSecond;
    m_wake.notify_all();
}

void LoadRunner::stop()
{
    const std::lock_guard lock(m_mutex);
    m_stopping = true;
    m_wake.notify_all();
}

LoadSnapshot LoadRunner::takeSnapshot()
{
    const std::lock_guard lock(m_mutex);
    LoadSnapshot snapshot;
    const Instant now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - m_rateSince).count();
    if (seconds >= 1.0) {
        m_report.stats.perSecond = static_cast<double>(m_report.stats.committed - m_rateCommitted) / seconds;
        m_rateSince = now;
        m_rateCommitted = m_report.stats.committed;
    }
    m_report.stats.elapsedS = std::chrono::duration<double>(now - m_start).count();
    m_report.stats.backlog = 0;
    for (const long long behind : m_behind)
        m_report.stats.backlog += behind;
    snapshot.stats = m_report.stats;
    snapshot.changed.assign(m_changed.cbegin(), m_changed.cend());
    m_changed.clear();
    return snapshot;
}

LoadReport LoadRunner::report() const
{
    const std::lock_guard lock(m_mutex);
    return m_report;
}

void LoadRunner::run()
{
    RowReader reader(m_mapping, m_settings, &m_interrupt);
    if (const auto loaded = loadKeys(reader); loaded) {
        const bool allAnswered = runWorkers();
        finishStats();
        if (allAnswered)
            verify();
    } else {
        const std::lock_guard lock(m_mutex);
        m_report.error = loaded.error();
    }
    {
        const std::lock_guard lock(m_mutex);
        m_report.settings = m_load;
        m_running = false;
        m_wake.notify_all();
    }
    m_done();
}

/// Deals the rows of the table to the workers, so that no two of them write the same row.
Result<void> LoadRunner::loadKeys(RowReader &reader)
{
    const auto field = scoreField(m_mapping);
    if (!field)
        return Failure(failure(QCoreApplication::translate(
                                   "LoadRunner", "The generator writes whole numbers, and %1 has no column for them.")
                                   .arg(m_mapping.table)));
    m_scoreField = *field;
    if (const auto open = reader.postgres().ensure(); !open)
        return Failure(open.error());
    m_pools.resize(static_cast<size_t>(std::clamp(m_load.connections, 1, 64)));
    std::optional<RowKey> after;
    size_t next = 0;
    for (;;) {
        const auto keys =
            reader.postgres().rows().keyVersionsAfter(after, keysPerRead, Clock::now() + m_settings.statementDeadline);
        if (!keys)
            return Failure(keys.error());
        for (const auto &[key, version] : *keys)
            m_pools[next++ % m_pools.size()].add(key, version);
        if (std::ssize(*keys) < keysPerRead)
            break;
        after = keys->back().first;
    }
    std::erase_if(m_pools, [](const KeyPool &pool) { return pool.size() == 0; });
    if (m_pools.empty())
        return Failure(failure(QCoreApplication::translate("LoadRunner", "%1 has no rows to update. Add a user first.")
                                   .arg(m_mapping.table)));
    return {};
}

/// False when a store hung after stop() and the edits in flight were broken off: then there is nothing to verify with.
bool LoadRunner::runWorkers()
{
    {
        const std::lock_guard lock(m_mutex);
        m_start = m_rateSince = Clock::now();
        m_behind.assign(m_pools.size(), 0);
        m_working = m_pools.size();
    }
    std::vector<std::thread> workers;
    for (size_t i = 0; i < m_pools.size(); ++i)
        workers.emplace_back([this, i] { work(static_cast<int>(i)); });
    bool allAnswered = true;
    {
        std::unique_lock lock(m_mutex);
        m_wake.wait(lock, [this] { return m_stopping || m_working == 0; });
        allAnswered = m_wake.wait_for(lock, stopGrace, [this] { return m_working == 0; });
    }
    if (!allAnswered)
        m_interrupt.raise();
    for (std::thread &worker : workers)
        worker.join();
    return allAnswered;
}

/// What one worker owns.
struct LoadRunner::Worker
{
    WriteThrough engine;
    KeyPool &pool;
    Workload workload;
    Pacer pacer;
    std::optional<Planned> next; ///< drawn already; its row stands in the batch before it
    LatencyHistogram intended{};
    LatencyHistogram service{};
    Instant nextUpkeep{};
};

void LoadRunner::work(int index)
{
    KeyPool &pool = m_pools[static_cast<size_t>(index)];
    Worker worker{WriteThrough(m_mapping, m_settings, &m_interrupt), pool, Workload(m_load.seed, index, m_scoreField),
                  Pacer(m_load.rate, static_cast<int>(m_pools.size()), index, m_start), std::nullopt};
    for (auto batch = nextBatch(worker); !batch.empty(); batch = nextBatch(worker)) {
        const Instant sent = Clock::now();
        std::vector<Edit> edits;
        for (Planned &planned : batch) {
            planned.choice.edit.submitted = sent;
            edits.push_back(std::move(planned.choice.edit));
        }
        const auto outcomes = worker.engine.writeBatch(std::move(edits));
        std::vector<size_t> gone;
        for (size_t i = 0; i < batch.size(); ++i) {
            take(outcomes[i], batch[i].due, sent, worker.intended, worker.service);
            if (noteInPool(pool, batch[i].choice.index, outcomes[i]))
                gone.push_back(batch[i].choice.index);
        }
        forget(worker, std::move(gone));
        if (Clock::now() >= worker.nextUpkeep) {
            std::ignore =
                worker.engine.upkeep(); // first answers are counted, and the verification looks at both stores
            worker.nextUpkeep = Clock::now() + m_settings.retention / 10;
        }
        const std::lock_guard lock(m_mutex);
        m_behind[static_cast<size_t>(index)] = worker.pacer.behind(Clock::now());
    }
    const std::lock_guard lock(m_mutex);
    m_intended.merge(worker.intended);
    m_service.merge(worker.service);
    --m_working;
    m_wake.notify_all();
}

/// What is due now, up to the size of a batch; each row once. Empty when the run is over.
std::vector<LoadRunner::Planned> LoadRunner::nextBatch(Worker &worker)
{
    std::vector<Planned> batch;
    QSet<size_t> rows;
    Instant due = m_start;
    while (std::ssize(batch) < m_load.batch && worker.pool.size() > 0) {
        if (!worker.next) {
            const Instant now = Clock::now();
            if (!batch.empty() && worker.pacer.due(now) > now)
                break; // a batch does not wait for its last edit
            if (!waitUntilDue(worker.pacer, due) || !takeTicket())
                break;
            worker.next = {worker.workload.next(worker.pool), due};
            worker.pacer.advance();
        }
        if (rows.contains(worker.next->choice.index))
            break;
        rows.insert(worker.next->choice.index);
        worker.next->choice.edit.base = worker.pool.version(worker.next->choice.index);
        batch.push_back(std::move(*std::exchange(worker.next, std::nullopt)));
    }
    return batch;
}

/// The next edit of the row is made on what this one left. True when the row is gone.
bool LoadRunner::noteInPool(KeyPool &pool, size_t index, const Outcome &outcome)
{
    if (outcome.row) {
        pool.setVersion(index, outcome.row->version);
        if (outcome.verdict != Verdict::Conflict)
            pool.markTouched(index);
    } else if (outcome.verdict == Verdict::Unknown) {
        pool.markTouched(index); // whatever became of it, the stores have to agree
    }
    return !outcome.row && outcome.verdict == Verdict::Conflict;
}

/// Takes rows out of the pool, the last ones first because each is replaced by the last.
void LoadRunner::forget(Worker &worker, std::vector<size_t> gone)
{
    std::ranges::sort(gone, std::greater());
    for (const size_t index : gone)
        worker.pool.remove(index);
    if (!gone.empty() && worker.next && worker.next->choice.index >= worker.pool.size())
        worker.next.reset();
}

/// False when the run is over. A store that is away makes the worker wait with it instead of spinning.
bool LoadRunner::waitUntilDue(Pacer &pacer, Instant &due)
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        if (m_stopping)
            return false;
        const Instant now = Clock::now();
        if (m_load.durationS > 0 && now - m_start >= std::chrono::duration<double>(m_load.durationS))
            return false;
        pacer.setRate(m_rate, now);
        due = pacer.due(now);
        if (due <= now)
            return true;
        const auto end =
            m_load.durationS > 0
                ? m_start + std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(m_load.durationS))
                : due;
        m_wake.wait_until(lock, std::min(due, end));
    }
}

bool LoadRunner::takeTicket()
{
    const std::lock_guard lock(m_mutex);
    if (m_load.count > 0 && m_tickets >= m_load.count)
        return false;
    ++m_tickets;
    ++m_report.stats.sent;
    return true;
}

void LoadRunner::take(const Outcome &outcome, Instant due, Instant sent, LatencyHistogram &intended,
                      LatencyHistogram &service)
{
    const Instant now = Clock::now();
    std::unique_lock lock(m_mutex);
    ++m_report.verdicts[outcome.verdict];
    LoadStats &stats = m_report.stats;
    switch (outcome.verdict) {
    case Verdict::Committed:
        ++stats.committed;
        intended.record(now - due);
        service.record(now - sent);
        break;
    case Verdict::CommittedCachePending:
        ++stats.cachePending;
        break;
    case Verdict::Conflict:
        ++stats.conflicts;
        break;
    case Verdict::Unknown:
        ++stats.unknown;
        break;
    case Verdict::Unavailable:
    case Verdict::Cancelled:
        ++stats.unavailable;
        break;
    case Verdict::Rejected:
        ++stats.failed;
        break;
    }
    if (outcome.row)
        m_changed.insert(outcome.row->key.text, *outcome.row);
    if (outcome.error)
        stats.lastError = outcome.error;
    if (outcome.error && outcome.error->unavailable() && outcome.error->store == Store::Postgres)
        m_wake.wait_for(lock, m_settings.firstRetry, [this] { return m_stopping; });
}

void LoadRunner::finishStats()
{
    const std::lock_guard lock(m_mutex);
    const double seconds = std::chrono::duration<double>(Clock::now() - m_start).count();
    m_report.stats.elapsedS = seconds;
    m_report.stats.perSecond = seconds > 0 ? static_cast<double>(m_report.stats.committed) / seconds : 0;
    m_report.fromIntendedStart = percentilesOf(m_intended);
    m_report.service = percentilesOf(m_service);
    for (const KeyPool &pool : m_pools) {
        for (size_t i = 0; i < pool.size(); ++i)
            m_report.keysTouched += pool.isTouched(i);
    }
    if (m_interrupt.isRaised())
        m_report.error = m_report.stats.lastError;
}

void LoadRunner::verify()
{
    Verifier verifier(m_mapping, m_settings, {}, &m_interrupt);
    std::vector<RowKey> touched;
    for (const KeyPool &pool : m_pools) {
        for (size_t i = 0; i < pool.size(); ++i) {
            if (pool.isTouched(i))
                touched.push_back(pool.key(i));
        }
    }
    const VerifyReport report = verifier.verify(touched);
    const std::lock_guard lock(m_mutex);
    m_report.keysVerified = report.rows - report.unsettled;
    m_report.keysDiffering = report.differing;
    m_report.keysNotCached = report.notCached;
    if (report.error)
        m_report.error = report.error;
}

} // namespace throughline
