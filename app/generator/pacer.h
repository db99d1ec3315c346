// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "generator/rateschedule.h"

#include <vector>

namespace throughline {

/// Hands out the times of a run's operations. In an open loop they are absolute, so that slow answers make the
/// following operations late instead of rare; in a closed loop what could not be sent in time is forgotten. Pure; a
/// value.
class Pacer final
{
public:
    /// Of an operation that has no time of its own: it is due when somebody is free.
    static constexpr Instant anyTime = Instant::min();

    Pacer(RateSchedule schedule, Pacing pacing, Instant start) noexcept;

    /// Appends the times of up to `atMost` operations that are due by now, the oldest first.
    void take(Instant now, size_t atMost, std::vector<Instant> &times);
    /// When the next one is due; none: never again.
    [[nodiscard]] std::optional<Instant> nextDue(Instant now) const noexcept;
    /// How many are due and not taken.
    [[nodiscard]] long long backlog(Instant now) const noexcept;
    /// Goes on with another rate from now; what was late is forgotten.
    void setRate(double rate, Instant now);
    /// Operations that were due and that nobody will take any more, because of another rate. Of an open loop only: a
    /// closed one does not know them.
    [[nodiscard]] long long forgotten() const noexcept { return m_forgotten; }
    [[nodiscard]] double rate(Instant now) const noexcept { return m_schedule.rateAt(secondsAt(now)); }

private:
    [[nodiscard]] double secondsAt(Instant now) const noexcept;
    [[nodiscard]] std::optional<Instant> timeOf(long long number) const noexcept;

    RateSchedule m_schedule;
    Pacing m_pacing;
    Instant m_start;
    long long m_taken = 0; ///< numbers of the schedule
    long long m_forgotten = 0;
};

} // namespace throughline
