// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/interrupt.h"
#include "engine/upkeep.h"

#include <thread>

namespace throughline::faults {

/// The upkeep of one process, on a thread of its own until this is destroyed.
class UpkeepThread final
{
public:
    UpkeepThread(const Mapping &mapping, const EngineSettings &settings)
        : m_thread([this, mapping, settings] { run(mapping, settings); })
    {
    }
    ~UpkeepThread()
    {
        m_interrupt.raise();
        m_thread.join();
    }
    UpkeepThread(const UpkeepThread &) = delete;
    UpkeepThread &operator=(const UpkeepThread &) = delete;

private:
    void run(const Mapping &mapping, const EngineSettings &settings)
    {
        Upkeep upkeep({mapping}, settings, &m_interrupt);
        while (!m_interrupt.isRaised()) {
            std::ignore = upkeep.step();
            // Nothing to wait for but the time: the interrupt is the only descriptor.
            std::ignore = waitFor(m_interrupt.descriptor(), WaitFor::Read, Clock::now() + upkeep.untilDue(), nullptr);
        }
    }

    Interrupt m_interrupt;
    std::thread m_thread;
};

} // namespace throughline::faults
