// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadrunner.h"

#include "engine/storelink.h"
#include "generator/keydeal.h"
#include "generator/loadmachine.h"
#include "generator/loadpaths.h"
#include "generator/loadtext.h"
#include "generator/loadverifier.h"
#include "generator/loadworker.h"
#include "generator/outboxwatch.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace throughline {

namespace {

constexpr milliseconds sampleInterval{100};
constexpr milliseconds stopGrace{1000};
constexpr size_t mostRateChangesKept = 1000;
constexpr size_t mostSamplesKept = 6000; ///< ten minutes that nobody has looked

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(LoadRunner)
};

Failure refused(const QString &message)
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.message = message;
    return Failure(error);
}

} // namespace

LoadRunner::LoadRunner(LoadTarget target, LoadSettings load, std::function<void()> done)
    : m_target(std::move(target))
    , m_load(std::move(load))
    , m_done(std::move(done))
    , m_thread([this] { run(); })
{
}

LoadRunner::~LoadRunner()
{
    stop();
    {
        std::unique_lock lock(m_mutex);
        if (!m_wake.wait_for(lock, stopGrace, [this] { return !m_running; }))
            m_signal.breakOff.raise();
    }
    m_thread.join();
}

void LoadRunner::setRate(double perSecond)
{
    if (!(perSecond >= 0 && perSecond <= loadtext::highestRate))
        return; // no rate
    const std::lock_guard lock(m_mutex);
    m_wantedRate = perSecond;
    if (!m_dispatcher)
        return;
    m_dispatcher->setRate(perSecond);
    if (m_report.rateChanges.size() < mostRateChangesKept)
        m_report.rateChanges.emplace_back(m_stats.elapsedS, perSecond);
}

void LoadRunner::stop()
{
    const std::lock_guard lock(m_mutex);
    if (m_stats.phase == LoadPhase::Verifying)
        m_signal.breakOff.raise(); // nothing is in flight any more
    if (m_stopping)
        return;
    m_stopping = true;
    m_stopAt = Clock::now();
    m_signal.stop.raise();
    if (m_dispatcher)
        m_dispatcher->stop();
    m_wake.notify_all();
}

bool LoadRunner::isStopping() const
{
    const std::lock_guard lock(m_mutex);
    return m_stopping;
}

LoadSnapshot LoadRunner::takeSnapshot()
{
    const std::lock_guard lock(m_mutex);
    LoadSnapshot snapshot;
    snapshot.stats = m_stats;
    snapshot.samples = std::exchange(m_samples, {});
    snapshot.rowsSkipped = m_live.skipped();
    snapshot.changed = m_live.take();
    return snapshot;
}

LoadReport LoadRunner::report() const
{
    const std::lock_guard lock(m_mutex);
    return m_report;
}

void LoadRunner::run()
{
    const auto prepared = prepare();
    if (!prepared)
        m_report.error = prepared.error();
    else if (!m_pools.empty() && runWorkers() && m_load.verifies)
        verify();
    finish();
    m_done();
}

Result<void> LoadRunner::prepare()
{
    m_report.startedAt = QDateTime::currentDateTimeUtc();
    m_report.settings = m_load;
    m_report.machine = thisMachine();
    if (const auto allowed = mayRun(); !allowed)
        return allowed;
    if (const auto fits = loadprofile::check(m_load, m_target.mapping); !fits)
        return fits;
    return dealRows();
}

Result<void> LoadRunner::mayRun() const
{
    switch (m_target.environment) {
    case Environment::Development:
        return {};
    case Environment::Production:
        return refused(Words::tr("The generator is off in production."));
    case Environment::ReadOnly:
        return refused(Words::tr("The generator is off where nothing may be changed."));
    }
    return {};
}

Result<void> LoadRunner::dealRows()
{
    // A stop ends what waits here: nothing is changed yet.
    PostgresLink postgres(m_target.mapping, m_target.settings, LinkRole::Reader, &m_signal.stop);
    auto pools = dealKeys(postgres, static_cast<size_t>(m_load.connections), m_target.settings.statementDeadline,
                          [this] { return !isStopping(); });
    if (isStopping())
        return {};
    if (!pools)
        return Failure(pools.error());
    m_report.machine.postgres = postgres.connection().serverVersion();
    RedisLink redis(m_target.mapping, m_target.settings, &m_signal.stop);
    if (redis.ensure())
        m_report.machine.redis = redis.context().serverVersion(Clock::now() + m_target.settings.readDeadline);
    if (m_load.mix.insert == 0)
        std::erase_if(*pools, [](const KeyPool &pool) { return pool.size() == 0; });
    if (pools->empty())
        return refused(Words::tr("%1 has no rows to update. Add a user first.").arg(m_target.mapping.table));
    m_pools = std::move(*pools);
    return {};
}

double LoadRunner::secondsSinceStart() const
{
    return std::chrono::duration<double>(Clock::now() - m_start).count();
}

/// False when a store hung after stop() and the edits in flight were broken off: then there is nothing to verify with.
bool LoadRunner::runWorkers()
{
    const LoadPaths paths(m_target, m_load.path, static_cast<int>(m_pools.size()), m_signal);
    const OutboxWatch outbox(m_target.mapping, m_target.settings);
    for (size_t i = 0; i < m_pools.size(); ++i)
        m_meters.push_back(std::make_unique<LoadMeter>());
    m_connecting = m_working = m_pools.size(); // there are no workers yet
    std::vector<std::thread> workers;
    for (size_t i = 0; i < m_pools.size(); ++i)
        workers.emplace_back([this, i, &paths] { work(i, paths); });
    begin();
    const bool allAnswered = watchWorkers(outbox);
    if (!allAnswered)
        m_signal.breakOff.raise();
    const Instant answeredAt = Clock::now();
    for (std::thread &worker : workers)
        worker.join();
    collect(outbox.rows());
    countUp(answeredAt, allAnswered);
    return allAnswered;
}

/// What the report says of everything but the verification.
void LoadRunner::countUp(Instant answeredAt, bool allAnswered)
{
    m_totals.end(m_dispatcher->state(answeredAt), m_load.pacing,
                 std::chrono::duration<double>(answeredAt - m_start).count());
    const std::lock_guard lock(m_mutex);
    if (m_stopAt)
        m_report.stopMs = std::chrono::duration<double, std::milli>(answeredAt - *m_stopAt).count();
    m_totals.fill(m_report);
    m_report.stats.phase = LoadPhase::Finishing;
    m_stats = m_report.stats;
    for (const KeyPool &pool : m_pools)
        m_report.keysTouched += pool.touchedCount();
    if (!allAnswered)
        m_report.error = m_stats.lastError;
}

void LoadRunner::work(size_t index, const LoadPaths &paths)
{
    const MakerOf of{m_load.seed, static_cast<int>(index), static_cast<int>(m_pools.size())};
    auto path = paths.forWorker(of.worker);
    path->open();
    {
        std::unique_lock lock(m_mutex);
        --m_connecting;
        m_wake.notify_all();
        m_wake.wait(lock, [this] { return m_dispatcher != nullptr; });
    }
    LoadWorker worker(m_target.mapping, m_target.settings, m_load, of, std::move(path), &m_signal.breakOff,
                      {m_pools[index], *m_dispatcher, *m_meters[index], m_collectsRows});
    worker.run();
    const std::lock_guard lock(m_mutex); // what the path takes away behind itself comes after the answers
    --m_working;
    m_wake.notify_all();
}

/// The clock of the run starts when all are connected, or when somebody does not want it any more.
void LoadRunner::begin()
{
    std::unique_lock lock(m_mutex);
    m_wake.wait(lock, [this] { return m_connecting == 0 || m_stopping; });
    m_start = Clock::now();
    m_dispatcher = std::make_unique<Dispatcher>(m_load, m_start);
    if (m_wantedRate)
        m_dispatcher->setRate(*m_wantedRate);
    if (m_stopping)
        m_dispatcher->stop();
    m_stats.phase = LoadPhase::Running;
    m_wake.notify_all();
}

/// Until all workers have ended; false when they do not although they were told to.
bool LoadRunner::watchWorkers(const OutboxWatch &outbox)
{
    for (Instant next = m_start + sampleInterval;; next += sampleInterval) {
        {
            std::unique_lock lock(m_mutex);
            const auto hasEnded = [this] { return m_working == 0; };
            const auto givenUp = [this] { return m_stopAt && Clock::now() >= *m_stopAt + stopGrace; };
            if (m_wake.wait_until(lock, next, hasEnded))
                return true;
            if (givenUp())
                return false;
            if (m_dispatcher->hasEnded())
                m_stats.phase = LoadPhase::Finishing;
        }
        collect(outbox.rows());
        next = std::max(next, Clock::now() - sampleInterval); // a machine that slept shows one long sample
    }
}

/// Takes what the workers have counted.
void LoadRunner::collect(std::optional<qint64> outboxRows)
{
    m_tenth->clear();
    std::vector<Row> rows;
    bool skipped = false;
    for (const auto &meter : m_meters) {
        auto tally = meter->exchange(std::move(m_empty));
        m_tenth->merge(*tally);
        std::ranges::move(tally->rows, std::back_inserter(rows));
        skipped = skipped || tally->rowsSkipped;
        tally->clear();
        m_empty = std::move(tally);
    }
    const auto sample = m_totals.add(*m_tenth, m_dispatcher->state(Clock::now()), secondsSinceStart(), outboxRows);
    publish({sample}, std::move(rows), skipped);
}

void LoadRunner::publish(std::vector<LoadSample> samples, std::vector<Row> rows, bool skipped)
{
    LoadStats stats = m_totals.stats();
    const std::lock_guard lock(m_mutex);
    stats.phase = m_stats.phase;
    m_stats = std::move(stats);
    if (m_samples.size() < mostSamplesKept)
        std::ranges::move(samples, std::back_inserter(m_samples));
    for (Row &row : rows)
        m_live.add(std::move(row));
    if (skipped)
        m_live.skip();
}

void LoadRunner::verify()
{
    bool isStopping = false;
    {
        const std::lock_guard lock(m_mutex);
        isStopping = m_stopping;
        m_stats.phase = LoadPhase::Verifying;
        m_stats.keysToVerify = m_report.keysTouched;
    }
    LoadReport found; // the other one may be looked at meanwhile
    const auto progress = [this](qint64 keys) {
        const std::lock_guard lock(m_mutex);
        m_stats.keysVerified = keys;
    };
    EngineSettings settings = m_target.settings;
    if (isStopping) // who has stopped the run does not wait long for a store that hangs
        settings.connectTimeout = std::min(settings.connectTimeout, stopGrace);
    verifyTouched(m_target.mapping, settings, m_pools, &m_signal.breakOff, progress, found);
    const std::lock_guard lock(m_mutex);
    m_report.keysVerified = found.keysVerified;
    m_report.keysDiffering = found.keysDiffering;
    m_report.keysNotCached = found.keysNotCached;
    if (found.error)
        m_report.error = found.error;
}

void LoadRunner::finish()
{
    const std::lock_guard lock(m_mutex);
    m_report.stats = m_stats;
    m_running = false;
    m_wake.notify_all();
}

} // namespace throughline
