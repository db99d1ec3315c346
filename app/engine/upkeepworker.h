// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/interrupt.h"
#include "domain/mapping.h"
#include "engine/enginesettings.h"
#include "engine/upkeep.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace throughline {

/// The upkeep thread: polls the outbox while the program lives. The callback runs on this thread, after the first step
/// and after every one that did something or changed what the report says.
class UpkeepWorker final
{
public:
    UpkeepWorker(std::vector<Mapping> mappings, EngineSettings settings, std::function<void(UpkeepReport)> reported);
    /// Finishes the step in hand, for a second at most.
    ~UpkeepWorker();
    UpkeepWorker(const UpkeepWorker &) = delete;
    UpkeepWorker &operator=(const UpkeepWorker &) = delete;

    /// How many steps have ended; stands still when the thread hangs. Any thread.
    [[nodiscard]] quint64 steps() const noexcept { return m_steps.load(std::memory_order_relaxed); }

private:
    void run();

    std::vector<Mapping> m_mappings;
    EngineSettings m_settings;
    std::function<void(UpkeepReport)> m_reported;
    Interrupt m_interrupt;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_stopping = false;
    bool m_stopped = false;
    std::atomic<quint64> m_steps = 0;
    std::thread m_thread; ///< last: starts when everything above is there
};

} // namespace throughline
