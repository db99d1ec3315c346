// SPDX-License-Identifier: GPL-3.0-or-later
#include "trap.h"

#include <csignal>

namespace throughline::faults {

void Trap::arm(FaultPoint point, int signal, int passes)
{
    const std::lock_guard lock(m_mutex);
    m_point = point;
    m_signal = signal;
    m_left = passes;
}

void Trap::disarm()
{
    const std::lock_guard lock(m_mutex);
    m_point.reset();
}

void Trap::passed(FaultPoint point)
{
    int signal = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (m_point != point || --m_left > 0)
            return;
        m_point.reset();
        signal = m_signal;
    }
    raise(signal); // SIGSTOP stops every thread of the process
}

} // namespace throughline::faults
