// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadpaths.h"

#include "engine/stagedworker.h"
#include "generator/directpath.h"
#include "generator/messagepath.h"
#include "generator/stagedpath.h"

#include <algorithm>

namespace throughline {

namespace {

constexpr size_t lanes = 2; ///< one waits for PostgreSQL while the other talks to Redis
constexpr milliseconds longestStart{2000};
constexpr milliseconds betweenLooks{2};

} // namespace

LoadPaths::LoadPaths(const LoadTarget &target, LoadPath path, int workers, const StopSignal &signal)
    : m_target(target)
    , m_path(path)
    , m_workers(workers)
    , m_signal(signal)
    , m_run(QUuid::createUuid().toByteArray(QUuid::Id128))
{
    if (path == LoadPath::Staged)
        serveStagedWrites();
}

LoadPaths::~LoadPaths() = default;

/// Their connecting is no latency of a write.
void LoadPaths::serveStagedWrites()
{
    m_server = std::make_unique<StagedWorker>(std::vector{m_target.mapping}, m_target.settings, lanes,
                                              [](StagedReport, std::vector<StagedEvent>) {});
    const Instant until = Clock::now() + longestStart;
    while (m_server->steps() == 0 && Clock::now() < until && pauseFor(betweenLooks, &m_signal.stop)) {
    }
}

std::unique_ptr<WritePath> LoadPaths::forWorker(int worker) const
{
    switch (m_path) {
    case LoadPath::Direct:
        break;
    case LoadPath::Staged:
        return std::make_unique<StagedPath>(
            m_target.mapping, m_target.settings, &m_signal.breakOff,
            std::max<size_t>(1, StagedPath::mostOutstanding / static_cast<size_t>(m_workers)));
    case LoadPath::Messages:
        return std::make_unique<MessagePath>(m_target.mapping, m_target.settings, m_signal,
                                             "throughline-load-" + m_run + '-' + QByteArray::number(worker));
    }
    return std::make_unique<DirectPath>(m_target.mapping, m_target.settings, &m_signal.breakOff);
}

} // namespace throughline
