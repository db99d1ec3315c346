// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "messaging/stopsignal.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace throughline {

/// A thread for one run of a consumer or producer. The body runs on it and ends when the stop signal is raised. Its
/// functions may be called from any thread.
class RunThread final
{
public:
    using Body = std::function<void(const StopSignal &)>;
    explicit RunThread(Body body);
    /// Lets the body finish what is in hand, for a few seconds at most.
    ~RunThread();
    RunThread(const RunThread &) = delete;
    RunThread &operator=(const RunThread &) = delete;

    /// Returns at once.
    void stop() noexcept { m_signal.stop.raise(); }
    /// Ends waits for answers as well.
    void breakOff() noexcept;

private:
    void run();

    Body m_body;
    StopSignal m_signal;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_ended = false;
    std::thread m_thread; ///< last: starts when everything above is there
};

} // namespace throughline
