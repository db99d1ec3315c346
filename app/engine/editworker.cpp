// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/editworker.h"

#include "engine/writeplan.h"
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
    engine.adoptUnsettled();
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        const milliseconds rest = engine.needsUpkeep() ? upkeepInterval() : restTime;
        m_changed.wait_for(lock, rest, [this] { return m_stopping || m_hurry || !m_queue.empty(); });
        if (std::exchange(m_hurry, false)) {
            engine.postgres().backoff().hurry(Clock::now());
            engine.redis().backoff().hurry(Clock::now());
        }
        if (m_stopping)
            continue;
        // What was raised for the last edit must not end the connecting for this one.
        m_interrupt.clear();
        if (engine.needsUpkeep() && Clock::now() >= m_nextUpkeep)
            keepUp(engine, lock);
        if (!m_queue.empty())
            writeNext(engine, lock);
    }
    std::deque<Edit> left;
    left.swap(m_queue);
    lock.unlock();
    answerCancelled(std::move(left));
}

milliseconds EditWorker::upkeepInterval() const
{
    return std::max(milliseconds(1), m_settings.retention / 10);
}

void EditWorker::keepUp(WriteThrough &engine, std::unique_lock<std::mutex> &lock)
{
    lock.unlock();
    for (Outcome &outcome : engine.upkeep())
        m_callbacks.answered(std::move(outcome));
    lock.lock();
    m_nextUpkeep = Clock::now() + upkeepInterval();
}

void EditWorker::writeNext(WriteThrough &engine, std::unique_lock<std::mutex> &lock)
{
    // Nothing is taken from the queue before there is a connection to write it with.
    lock.unlock();
    const bool connected = engine.postgres().ensure().has_value();
    m_callbacks.statesChanged({engine.postgres().health(), engine.redis().health()});
    lock.lock();
    if (!connected) {
        idle(lock, engine.postgres().backoff().untilDue(Clock::now()));
        return;
    }
    if (m_stopping || m_queue.empty())
        return;
    std::vector<Edit> batch = writeplan::takeBatch(m_queue);
    m_inFlight = true;
    lock.unlock();
    for (Outcome &outcome : engine.writeBatch(std::move(batch)))
        m_callbacks.answered(std::move(outcome));
    lock.lock();
    m_inFlight = false;
    m_changed.notify_all();
}

} // namespace throughline
