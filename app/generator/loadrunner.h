// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/interrupt.h"
#include "engine/enginesettings.h"
#include "engine/latencyhistogram.h"
#include "generator/loadreport.h"
#include "generator/pacer.h"
#include "generator/workload.h"

#include <QHash>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace throughline {

class RowReader;

/// What a run shows while it goes on.
struct LoadSnapshot
{
    LoadStats stats;
    std::vector<Row> changed; ///< newest committed state of each row since the last snapshot
};

/// One run of the generator: a coordinating thread, and one thread with its own connections per worker, each writing
/// with WriteThrough. Made for one run; the functions may be called from any thread, `done` is called on the
/// coordinating one.
class LoadRunner final
{
public:
    LoadRunner(Mapping mapping, EngineSettings settings, LoadSettings load, std::function<void()> done);
    /// Stops the run and waits for it.
    ~LoadRunner();
    LoadRunner(const LoadRunner &) = delete;
    LoadRunner &operator=(const LoadRunner &) = delete;

    void setRate(double perSecond);
    void stop();
    [[nodiscard]] LoadSnapshot takeSnapshot();
    /// After `done`.
    [[nodiscard]] LoadReport report() const;

private:
    void run();
    [[nodiscard]] Result<void> loadKeys(RowReader &reader);
    [[nodiscard]] bool runWorkers();
    struct Planned
    {
        Workload::Choice choice;
        Instant due;
    };
    struct Worker;
    void work(int index);
    [[nodiscard]] std::vector<Planned> nextBatch(Worker &worker);
    [[nodiscard]] static bool noteInPool(KeyPool &pool, size_t index, const Outcome &outcome);
    static void forget(Worker &worker, std::vector<size_t> gone);
    [[nodiscard]] bool waitUntilDue(Pacer &pacer, Instant &due);
    [[nodiscard]] bool takeTicket();
    void take(const Outcome &outcome, Instant due, Instant sent, LatencyHistogram &intended, LatencyHistogram &service);
    void verify();
    void finishStats();

    Mapping m_mapping;
    EngineSettings m_settings;
    LoadSettings m_load;
    std::function<void()> m_done;
    int m_scoreField = -1;
    std::vector<KeyPool> m_pools; ///< one per worker, private to it while workers run
    Interrupt m_interrupt;        ///< raised when a store hangs after stop()

    mutable std::mutex m_mutex; ///< guards everything below
    std::condition_variable m_wake;
    double m_rate;
    bool m_stopping = false;
    size_t m_working = 0; ///< workers that have not ended
    qint64 m_tickets = 0; ///< edits handed out
    Instant m_start{};
    LoadReport m_report;
    LatencyHistogram m_intended;
    LatencyHistogram m_service;
    QHash<QByteArray, Row> m_changed;
    std::vector<long long> m_behind; ///< of each worker
    Instant m_rateSince{};
    qint64 m_rateCommitted = 0;
    bool m_running = true;

    std::thread m_thread; ///< last: starts when everything above is there
};

} // namespace throughline
