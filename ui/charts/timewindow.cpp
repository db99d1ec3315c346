// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/timewindow.h"

#include "ui/charts/loadhistory.h"

#include <algorithm>

namespace throughline {

namespace {

constexpr double leastSpan = 1;

} // namespace

void TimeWindow::follow(Follow what) noexcept
{
    m_follow = what;
    m_isHeld = false;
}

TimeRange TimeWindow::range(double endS) const noexcept
{
    if (m_isHeld)
        return m_held;
    if (m_follow == Follow::WholeRun)
        return {0, std::max(endS, leastSpan)};
    return {endS - LoadHistory::recentSeconds, endS};
}

void TimeWindow::zoom(double factor, double atS, double endS) noexcept
{
    const TimeRange old = range(endS);
    const double span = std::max(old.span() / factor, leastSpan);
    const double share = old.span() > 0 ? (atS - old.from) / old.span() : 1;
    hold({atS - span * share, atS + span * (1 - share)}, endS);
}

void TimeWindow::pan(double seconds, double endS) noexcept
{
    const TimeRange old = range(endS);
    hold({old.from + seconds, old.to + seconds}, endS);
}

/// Inside of the run, or of the last minute where the run is shorter.
void TimeWindow::hold(TimeRange range, double endS) noexcept
{
    const double earliest = std::min(0.0, endS - LoadHistory::recentSeconds);
    const double span = std::min(range.span(), endS - earliest);
    const double from = std::clamp(range.from, earliest, endS - span);
    m_held = {from, from + span};
    m_isHeld = true;
}

} // namespace throughline
