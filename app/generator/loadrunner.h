// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/dispatcher.h"
#include "generator/keypool.h"
#include "generator/livebatch.h"
#include "generator/loadmeter.h"
#include "generator/loadreport.h"
#include "generator/loadtarget.h"
#include "generator/loadtotals.h"
#include "messaging/stopsignal.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace throughline {

class LoadPaths;
class OutboxWatch;

/// What a run shows while it goes on.
struct LoadSnapshot
{
    LoadStats stats;
    std::vector<LoadSample> samples; ///< since the last snapshot
    std::vector<Row> changed;        ///< newest committed state of rows since the last snapshot
    bool rowsSkipped = false;        ///< `changed` is not all
};

/// One run of the generator: a coordinating thread that reads the keys, starts the workers, takes their figures ten
/// times a second and verifies at the end; and one thread per worker. Made for one run; the functions may be called
/// from any thread and wait for no store, `done` is called on the coordinating one.
class LoadRunner final
{
public:
    LoadRunner(LoadTarget target, LoadSettings load, std::function<void()> done);
    /// Stops the run and waits for it.
    ~LoadRunner();
    LoadRunner(const LoadRunner &) = delete;
    LoadRunner &operator=(const LoadRunner &) = delete;

    void setRate(double perSecond);
    void stop();
    void setCollectsRows(bool collects) noexcept { m_collectsRows = collects; }
    [[nodiscard]] LoadSnapshot takeSnapshot();
    /// After `done`.
    [[nodiscard]] LoadReport report() const;

private:
    void run();
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> mayRun() const;
    [[nodiscard]] Result<void> dealRows();
    [[nodiscard]] bool runWorkers();
    void work(size_t index, const LoadPaths &paths);
    void begin();
    [[nodiscard]] bool watchWorkers(const OutboxWatch &outbox);
    void collect(std::optional<qint64> outboxRows);
    void countUp(Instant answeredAt, bool allAnswered);
    void publish(std::vector<LoadSample> samples, std::vector<Row> rows, bool skipped);
    void verify();
    void finish();
    [[nodiscard]] bool isStopping() const;
    [[nodiscard]] double secondsSinceStart() const;

    LoadTarget m_target;
    LoadSettings m_load;
    std::function<void()> m_done;
    std::atomic<bool> m_collectsRows{false};
    StopSignal m_signal; ///< broken off when a store hangs after stop()

    // Of the coordinating thread, and read by the workers:
    std::vector<KeyPool> m_pools; ///< one per worker, private to it while workers run
    std::vector<std::unique_ptr<LoadMeter>> m_meters;
    std::unique_ptr<LoadTally> m_empty = std::make_unique<LoadTally>(); ///< goes round among the meters
    std::unique_ptr<LoadTally> m_tenth = std::make_unique<LoadTally>(); ///< all workers' last tenth of a second
    LoadTotals m_totals;
    Instant m_start{};

    mutable std::mutex m_mutex; ///< guards everything below
    std::condition_variable m_wake;
    std::unique_ptr<Dispatcher> m_dispatcher; ///< from the first operation on; it has a lock of its own
    std::optional<double> m_wantedRate;       ///< said before there was a dispatcher
    bool m_stopping = false;
    std::optional<Instant> m_stopAt;
    size_t m_connecting = 0; ///< workers that are not ready yet
    size_t m_working = 0;    ///< workers that have not ended
    LoadStats m_stats;
    std::vector<LoadSample> m_samples;
    LiveBatch m_live{static_cast<qsizetype>(LoadTally::mostRows)};
    LoadReport m_report;
    bool m_running = true;

    std::thread m_thread; ///< last: starts when everything above is there
};

} // namespace throughline
