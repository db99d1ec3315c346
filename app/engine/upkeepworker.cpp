// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/upkeepworker.h"

#include <optional>
#include <utility>

namespace throughline {

namespace {

constexpr milliseconds shutdownGrace{1000};

} // namespace

UpkeepWorker::UpkeepWorker(std::vector<Mapping> mappings, EngineSettings settings,
                           std::function<void(UpkeepReport)> reported)
    : m_mappings(std::move(mappings))
    , m_settings(std::move(settings))
    , m_reported(std::move(reported))
    , m_thread([this] { run(); })
{
}

UpkeepWorker::~UpkeepWorker()
{
    {
        std::unique_lock lock(m_mutex);
        m_stopping = true;
        m_changed.notify_all();
        m_changed.wait_for(lock, shutdownGrace, [this] { return m_stopped; });
        m_interrupt.raise();
    }
    m_thread.join();
}

void UpkeepWorker::run()
{
    Upkeep upkeep(m_mappings, m_settings, &m_interrupt);
    std::optional<UpkeepReport> last;
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        lock.unlock();
        if (const UpkeepReport &report = upkeep.step(); report != last) {
            last = report;
            m_reported(report);
        }
        m_steps.fetch_add(1, std::memory_order_relaxed);
        lock.lock();
        m_changed.wait_for(lock, upkeep.untilDue(), [this] { return m_stopping; });
    }
    m_stopped = true;
    m_changed.notify_all();
}

} // namespace throughline
