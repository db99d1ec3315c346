// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/interrupt.h"
#include "domain/mapping.h"
#include "engine/enginesettings.h"
#include "engine/stagedevent.h"
#include "engine/stagedreport.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace throughline {

/// The thread that serves staged writes while the program lives. The callback runs on this thread, a few times a second
/// while something happens, with what was
/// answered since, and once at the start.
class StagedWorker final
{
public:
    using Reported = std::function<void(StagedReport, std::vector<StagedEvent>)>;

    StagedWorker(std::vector<Mapping> mappings, EngineSettings settings, Reported reported);
    /// Finishes what is in hand, for a second at most.
    ~StagedWorker();
    StagedWorker(const StagedWorker &) = delete;
    StagedWorker &operator=(const StagedWorker &) = delete;

    /// How many steps have ended; stands still when the thread hangs. Any thread.
    [[nodiscard]] quint64 steps() const noexcept { return m_steps.load(std::memory_order_relaxed); }

private:
    void run();
    [[nodiscard]] bool isStopping();

    std::vector<Mapping> m_mappings;
    EngineSettings m_settings;
    Reported m_reported;
    Interrupt m_interrupt;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_stopping = false;
    bool m_stopped = false;
    std::atomic<quint64> m_steps = 0;
    std::thread m_thread; ///< last: starts when everything above is there
};

} // namespace throughline
