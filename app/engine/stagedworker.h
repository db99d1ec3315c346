// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/interrupt.h"
#include "domain/mapping.h"
#include "engine/enginesettings.h"
#include "engine/latencyhistogram.h"
#include "engine/stagedevent.h"
#include "engine/stagedreport.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace throughline {

/// The threads that serve staged writes while the program lives; each has some of the keys, so that one waits for
/// PostgreSQL while another talks to Redis. The callback runs on one of these threads at a time, a few times a second
/// while something happens, with what all have done and what was answered since, and once at the start.
class StagedWorker final
{
public:
    using Reported = std::function<void(StagedReport, std::vector<StagedEvent>)>;

    StagedWorker(std::vector<Mapping> mappings, EngineSettings settings, size_t lanes, Reported reported);
    /// Finishes what is in hand, for a second at most.
    ~StagedWorker();
    StagedWorker(const StagedWorker &) = delete;
    StagedWorker &operator=(const StagedWorker &) = delete;

    /// Grows when every thread has ended a step; stands still when one hangs. Any thread.
    [[nodiscard]] quint64 steps();

private:
    struct Lane
    {
        std::optional<StagedReport> report;
        LatencyHistogram latency;
        bool stepped = false; ///< since m_steps grew
    };

    void run(size_t number);
    /// False when the threads are to end.
    [[nodiscard]] bool stepped(size_t number);
    void tell(size_t number, const StagedReport &report, const LatencyHistogram &latency,
              std::vector<StagedEvent> events);

    std::vector<Mapping> m_mappings;
    EngineSettings m_settings;
    Reported m_reported;
    Interrupt m_interrupt;
    std::mutex m_mutex; ///< guards all below
    std::condition_variable m_changed;
    std::vector<Lane> m_lanes;
    std::vector<StagedEvent> m_untold; ///< events from before every lane had reported
    bool m_stopping = false;
    size_t m_running;
    quint64 m_steps = 0;
    std::vector<std::thread> m_threads; ///< last: they start when everything above is there
};

} // namespace throughline
