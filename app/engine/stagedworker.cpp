// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stagedworker.h"

#include "engine/stagedwrites.h"

#include <optional>
#include <utility>

namespace throughline {

namespace {

constexpr milliseconds shutdownGrace{1000};
constexpr milliseconds reportInterval{250};

} // namespace

StagedWorker::StagedWorker(std::vector<Mapping> mappings, EngineSettings settings, Reported reported)
    : m_mappings(std::move(mappings))
    , m_settings(std::move(settings))
    , m_reported(std::move(reported))
    , m_thread([this] { run(); })
{
}

StagedWorker::~StagedWorker()
{
    {
        std::unique_lock lock(m_mutex);
        m_stopping = true;
        m_changed.wait_for(lock, shutdownGrace, [this] { return m_stopped; });
        m_interrupt.raise();
    }
    m_thread.join();
}

bool StagedWorker::isStopping()
{
    const std::lock_guard lock(m_mutex);
    return m_stopping;
}

void StagedWorker::run()
{
    StagedWrites writes(m_mappings, m_settings, &m_interrupt);
    std::optional<StagedReport> last;
    Instant nextReport{};
    const auto tell = [&] {
        nextReport = Clock::now() + reportInterval;
        auto events = writes.takeEvents();
        if (const StagedReport &report = writes.report(); last != report || !events.empty()) {
            last = report;
            m_reported(report, std::move(events));
        }
    };
    while (!isStopping()) {
        writes.step();
        m_steps.fetch_add(1, std::memory_order_relaxed);
        if (Clock::now() >= nextReport)
            tell();
    }
    tell();
    const std::lock_guard lock(m_mutex);
    m_stopped = true;
    m_changed.notify_all();
}

} // namespace throughline
