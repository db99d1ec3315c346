// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/timewindow.h"

#include <QString>

#include <vector>

/// Where the charts' axes begin and end, and what stands at them. Pure.
namespace throughline::axisticks {

/// A little above the highest value, and as long as it changes little, the same.
[[nodiscard]] double topFor(double highest);
/// From 0 to `top` or a little more, at most `most` steps of 1, 2 or 5.
[[nodiscard]] std::vector<double> linear(double top, int most);

struct Scale
{
    double low = 0.1;
    double high = 10;
};
/// Whole steps of 1, 2, 5 around the values, a decade at least.
[[nodiscard]] Scale logarithmicFor(double lowest, double highest);
/// 1, 2, 5, or decades alone where these would be more than `most`.
[[nodiscard]] std::vector<double> logarithmic(const Scale &scale, int most);

/// Full seconds and minutes; counted back from the end where the charts follow the run.
[[nodiscard]] std::vector<double> times(const TimeRange &range, bool fromEnd, int most);

/// "0.5", "200", "12 k", "1.5 M"
[[nodiscard]] QString valueLabel(double value);
/// "now", "-15 s"; else "1:20" since the start.
[[nodiscard]] QString timeLabel(double atS, const TimeRange &range, bool fromEnd);
/// The same with tenths, for one point.
[[nodiscard]] QString exactTime(double atS, const TimeRange &range, bool fromEnd);

/// Middles of labels of a height that would stand at `wanted`, from the top, moved so that none covers another.
[[nodiscard]] std::vector<double> spread(std::vector<double> wanted, double height, double bottom);

} // namespace throughline::axisticks
