// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/loadtally.h"

#include <atomic>
#include <memory>
#include <mutex>

namespace throughline {

/// Where one worker writes down what it did, once per batch, and the coordinator takes it away ten times a second. The
/// lock is held for a batch's counting, or for exchanging two pointers.
class LoadMeter final
{
public:
    LoadMeter()
        : m_tally(std::make_unique<LoadTally>())
    {
    }

    template <class Count>
    void count(Count write)
    {
        const std::lock_guard lock(m_mutex);
        write(*m_tally);
    }
    /// What was counted since the last call; `empty` takes its place.
    [[nodiscard]] std::unique_ptr<LoadTally> exchange(std::unique_ptr<LoadTally> empty)
    {
        const std::lock_guard lock(m_mutex);
        m_tally.swap(empty);
        return empty;
    }

private:
    std::mutex m_mutex;
    std::unique_ptr<LoadTally> m_tally;
};

} // namespace throughline
