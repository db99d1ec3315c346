// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stagedworker.h"

#include "engine/stagedwrites.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace throughline {

namespace {

constexpr milliseconds shutdownGrace{1000};
constexpr milliseconds reportInterval{250};

} // namespace

StagedWorker::StagedWorker(std::vector<Mapping> mappings, EngineSettings settings, size_t lanes, Reported reported)
    : m_mappings(std::move(mappings))
    , m_settings(std::move(settings))
    , m_reported(std::move(reported))
    , m_lanes(lanes)
    , m_running(lanes)
{
    for (size_t number = 0; number < lanes; ++number)
        m_threads.emplace_back([this, number] { run(number); });
}

StagedWorker::~StagedWorker()
{
    {
        std::unique_lock lock(m_mutex);
        m_stopping = true;
        m_changed.wait_for(lock, shutdownGrace, [this] { return m_running == 0; });
        m_interrupt.raise();
    }
    for (std::thread &thread : m_threads)
        thread.join();
}

quint64 StagedWorker::steps()
{
    const std::lock_guard lock(m_mutex);
    return m_steps;
}

bool StagedWorker::stepped(size_t number)
{
    const std::lock_guard lock(m_mutex);
    m_lanes[number].stepped = true;
    if (std::ranges::all_of(m_lanes, &Lane::stepped)) {
        ++m_steps;
        for (Lane &lane : m_lanes)
            lane.stepped = false;
    }
    return !m_stopping;
}

void StagedWorker::run(size_t number)
{
    StagedWrites writes(m_mappings, m_settings, &m_interrupt, {number, m_lanes.size()});
    std::optional<StagedReport> last;
    Instant nextReport{};
    const auto look = [&] {
        nextReport = Clock::now() + reportInterval;
        auto events = writes.takeEvents();
        const StagedReport &report = writes.report();
        if (last == report && events.empty())
            return;
        last = report;
        tell(number, report, writes.latency(), std::move(events));
    };
    for (bool goesOn = true; goesOn; goesOn = stepped(number)) {
        writes.step();
        if (Clock::now() >= nextReport)
            look();
    }
    look();
    const std::lock_guard lock(m_mutex);
    --m_running;
    m_changed.notify_all();
}

void StagedWorker::tell(size_t number, const StagedReport &report, const LatencyHistogram &latency,
                        std::vector<StagedEvent> events)
{
    const std::lock_guard lock(m_mutex);
    m_lanes[number].report = report;
    m_lanes[number].latency = latency;
    std::ranges::move(events, std::back_inserter(m_untold));
    if (!std::ranges::all_of(m_lanes, [](const Lane &lane) { return lane.report.has_value(); }))
        return; // nobody has said yet whether the stores answer
    StagedReport all;
    LatencyHistogram together;
    for (const Lane &lane : m_lanes) {
        all.add(*lane.report);
        together.merge(lane.latency);
    }
    all.latency = StagedLatency::of(together);
    m_reported(std::move(all), std::exchange(m_untold, {}));
}

} // namespace throughline
