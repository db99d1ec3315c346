// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/editworker.h"

#include "engine/writethrough.h"

#include <utility>

namespace throughline {

namespace {

constexpr milliseconds shutdownGrace{1000};
constexpr milliseconds restTime{3'600'000};

} // namespace

EditWorker::EditWorker(Mapping mapping, EngineSettings settings, Callbacks callbacks)
    : m_mapping(std::move(mapping))
    , m_settings(std::move(settings))
    , m_callbacks(std::move(callbacks))
    , m_thread([this] { run(); })
{
}

EditWorker::~EditWorker()
{
    {
        std::unique_lock lock(m_mutex);
        m_stopping = true;
        m_changed.notify_all();
        m_changed.wait_for(lock, shutdownGrace, [this] { return !m_inFlight; });
        m_interrupt.raise();
    }
    m_thread.join();
}

void EditWorker::submit(Edit edit)
{
    const std::lock_guard lock(m_mutex);
    m_queue.push_back(std::move(edit));
    m_changed.notify_all();
}

void EditWorker::cancelAll()
{
    std::deque<Edit> taken;
    {
        const std::lock_guard lock(m_mutex);
        taken.swap(m_queue);
        if (m_inFlight)
            m_interrupt.raise();
    }
    answerCancelled(std::move(taken));
}

void EditWorker::retryNow()
{
    const std::lock_guard lock(m_mutex);
    m_hurry = true;
    m_changed.notify_all();
}

void EditWorker::answerCancelled(std::deque<Edit> edits) const
{
    for (const Edit &edit : edits)
        m_callbacks.answered(Outcome::cancelled(edit));
}

void EditWorker::idle(std::unique_lock<std::mutex> &lock, milliseconds atMost)
{
    m_changed.wait_for(lock, atMost, [this] { return m_stopping || m_hurry; });
}

void EditWorker::run()
{
    WriteThrough engine(m_mapping, m_settings, &m_interrupt);
    // Connect before there is an edit that would have to wait for it.
    std::ignore = engine.postgres().ensure();
    std::ignore = engine.redis().ensure();
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        m_changed.wait_for(lock, restTime, [this] { return m_stopping || m_hurry || !m_queue.empty(); });
        if (std::exchange(m_hurry, false)) {
            engine.postgres().backoff().hurry(Clock::now());
            engine.redis().backoff().hurry(Clock::now());
        }
        if (m_stopping || m_queue.empty())
            continue;
        // What was raised for the last edit must not end the connecting for this one.
        m_interrupt.clear();
        // Nothing is taken from the queue before there is a connection to write it with.
        lock.unlock();
        const bool connected = engine.postgres().ensure().has_value();
        m_callbacks.statesChanged({engine.postgres().health(), engine.redis().health()});
        lock.lock();
        if (!connected) {
            idle(lock, engine.postgres().backoff().untilDue(Clock::now()));
            continue;
        }
        if (m_stopping || m_queue.empty())
            continue;
        Edit edit = std::move(m_queue.front());
        m_queue.pop_front();
        m_inFlight = true;
        lock.unlock();
        Outcome outcome = engine.write(std::move(edit));
        m_callbacks.answered(std::move(outcome));
        lock.lock();
        m_inFlight = false;
        m_changed.notify_all();
    }
    std::deque<Edit> left;
    left.swap(m_queue);
    lock.unlock();
    answerCancelled(std::move(left));
}

} // namespace throughline
