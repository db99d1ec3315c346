// SPDX-License-Identifier: GPL-3.0-or-later
#include "messaging/runthread.h"

#include "base/clock.h"

#include <utility>

namespace throughline {

namespace {

constexpr milliseconds grace{5000};

} // namespace

RunThread::RunThread(Body body)
    : m_body(std::move(body))
    , m_thread([this] { run(); })
{
}

RunThread::~RunThread()
{
    stop();
    {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait_for(lock, grace, [this] { return m_ended; }))
            m_signal.breakOff.raise();
    }
    m_thread.join();
}

void RunThread::breakOff() noexcept
{
    m_signal.stop.raise();
    m_signal.breakOff.raise();
}

void RunThread::run()
{
    m_body(m_signal);
    const std::lock_guard lock(m_mutex);
    m_ended = true;
    m_changed.notify_all();
}

} // namespace throughline
