// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/faultpoint.h"

#include <mutex>
#include <optional>

namespace throughline::faults {

/// Ends or stops this very process when it passes a point for the n-th time. Threads may share it.
class Trap final
{
public:
    void arm(FaultPoint point, int signal, int passes);
    void disarm();
    void passed(FaultPoint point);

private:
    std::mutex m_mutex;
    std::optional<FaultPoint> m_point;
    int m_signal = 0;
    int m_left = 0;
};

} // namespace throughline::faults
