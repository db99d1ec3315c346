// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/loadsettings.h"

#include <optional>
#include <vector>

namespace throughline {

/// Which operation is due when: number n, counted from 0, when the integral of the rate reaches n. Times are seconds
/// since the start. Parts without a limit number nothing: in them whoever is free may go on. Pure; a value.
class RateSchedule final
{
public:
    /// The same rate for ever; 0 = unlimited.
    explicit RateSchedule(double rate);
    /// Steps and ramps, one after the other. Without an open last part it is over with the last one.
    explicit RateSchedule(std::vector<RatePart> parts);
    [[nodiscard]] static RateSchedule of(const LoadSettings &settings);

    /// Per second; 0 = unlimited.
    [[nodiscard]] double rateAt(double seconds) const noexcept;
    [[nodiscard]] bool isUnlimitedAt(double seconds) const noexcept;
    [[nodiscard]] bool isOverAt(double seconds) const noexcept;
    /// The integral of the limited rates.
    [[nodiscard]] double countAt(double seconds) const noexcept;
    /// When operation `number` is due; none: never.
    [[nodiscard]] std::optional<double> timeOf(long long number) const noexcept;
    /// How many are due by then.
    [[nodiscard]] long long dueBy(double seconds) const noexcept;
    /// When the next part without a limit begins, at this time or later.
    [[nodiscard]] std::optional<double> unlimitedFrom(double seconds) const noexcept;

    friend bool operator==(const RateSchedule &, const RateSchedule &) = default;

private:
    struct Part
    {
        double from;
        double to;
        double start;
        double seconds; ///< infinite: to the end of the run
        double before;  ///< the integral at its start

        [[nodiscard]] bool unlimited() const noexcept { return from == 0 && to == 0; }
        [[nodiscard]] double end() const noexcept { return start + seconds; }
        [[nodiscard]] double countIn(double time) const noexcept;
        friend bool operator==(const Part &, const Part &) = default;
    };
    [[nodiscard]] const Part *partAt(double seconds) const noexcept;

    std::vector<Part> m_parts;
};

} // namespace throughline
