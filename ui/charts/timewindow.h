// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace throughline {

/// Seconds since the start of a run.
struct TimeRange
{
    double from = 0;
    double to = 0;

    [[nodiscard]] double span() const noexcept { return to - from; }
    friend bool operator==(const TimeRange &, const TimeRange &) = default;
};

/// Which part of a run the charts show: its last minute or all of it, both going on with the run, or a part that
/// somebody has zoomed or moved to, which stays. Pure; a value.
class TimeWindow final
{
public:
    enum class Follow { LastMinute, WholeRun };

    void follow(Follow what) noexcept;
    [[nodiscard]] Follow following() const noexcept { return m_follow; }
    [[nodiscard]] bool isHeld() const noexcept { return m_isHeld; }
    /// Back to what it followed.
    void release() noexcept { m_isHeld = false; }

    [[nodiscard]] TimeRange range(double endS) const noexcept;
    /// A factor above 1 shows less; `atS` stays where it is.
    void zoom(double factor, double atS, double endS) noexcept;
    void pan(double seconds, double endS) noexcept;

private:
    void hold(TimeRange range, double endS) noexcept;

    Follow m_follow = Follow::LastMinute;
    bool m_isHeld = false;
    TimeRange m_held;
};

} // namespace throughline
