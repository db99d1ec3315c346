// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/interrupt.h"
#include "domain/edit.h"
#include "domain/mapping.h"
#include "domain/outcome.h"
#include "engine/enginesettings.h"
#include "engine/storestate.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace throughline {

class WriteThrough;

/// The edits thread: a queue in the order of submission, one connection to each store, and for every edit exactly one
/// outcome, also at the end. An outcome that was not final (Unknown, CommittedCachePending) is followed by a late one
/// when it can be told. While PostgreSQL is away edits wait in the queue; what waits together is written in batches.
///
/// submit, cancelAll and retryNow may be called from any thread; the callbacks run on the edits thread.
class EditWorker final
{
public:
    struct Callbacks
    {
        std::function<void(Outcome)> answered;
        std::function<void(StoreStates)> statesChanged;
    };

    EditWorker(Mapping mapping, EngineSettings settings, Callbacks callbacks);
    /// Answers what is queued with Cancelled; the edit in flight may finish within a second.
    ~EditWorker();
    EditWorker(const EditWorker &) = delete;
    EditWorker &operator=(const EditWorker &) = delete;

    void submit(Edit edit);
    void cancelAll();
    void retryNow();

private:
    void run();
    void keepUp(WriteThrough &engine, std::unique_lock<std::mutex> &lock);
    void writeNext(WriteThrough &engine, std::unique_lock<std::mutex> &lock);
    [[nodiscard]] milliseconds upkeepInterval() const;
    void idle(std::unique_lock<std::mutex> &lock, milliseconds atMost);
    void answerCancelled(std::deque<Edit> edits) const;

    Mapping m_mapping;
    EngineSettings m_settings;
    Callbacks m_callbacks;
    Interrupt m_interrupt; ///< raised while an edit is in flight or at the end; cleared before the next edit
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Edit> m_queue;
    bool m_inFlight = false;
    bool m_stopping = false;
    bool m_hurry = false;
    Instant m_nextUpkeep{}; ///< the thread's own
    std::thread m_thread;   ///< last: starts when everything above is there
};

} // namespace throughline
