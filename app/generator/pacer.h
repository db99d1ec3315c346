// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

namespace throughline {

/// Says when the next edit of one worker is due: an absolute schedule (open loop), so that a slow answer makes the
/// following edits late instead of rare. The workers of a run are staggered evenly. Pure; a value.
class Pacer final
{
public:
    /// `rate` of the whole run per second, 0 = unlimited; worker `index` of `workers`.
    Pacer(double rate, int workers, int index, Instant start) noexcept;

    /// When the next edit is due; for an unlimited rate that is `now`.
    [[nodiscard]] Instant due(Instant now) const noexcept;
    void advance() noexcept { ++m_issued; }
    /// How many edits of this worker are due by `now` and not yet issued.
    [[nodiscard]] long long behind(Instant now) const noexcept;
    /// Goes on with another rate from `now`; what was late is forgotten.
    void setRate(double rate, Instant now) noexcept;
    [[nodiscard]] double rate() const noexcept { return m_rate; }

private:
    [[nodiscard]] nanoseconds offsetOf(long long issued) const noexcept;

    double m_rate;
    int m_workers;
    int m_index;
    Instant m_start;
    long long m_issued = 0; ///< since m_start
};

} // namespace throughline
