// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/figure.h"

#include <QString>

#include <array>
#include <vector>

namespace throughline {

enum class ChartKind { Writes, Latency, Staleness, Errors, Outbox };
inline constexpr std::array allCharts{ChartKind::Writes, ChartKind::Latency, ChartKind::Staleness, ChartKind::Errors,
                                      ChartKind::Outbox};

struct ChartLine
{
    Figure figure = Figure::Done;
    QString name;   ///< in the legend
    int colour = 0; ///< of Colours::chart
    bool isFilled = false;
    bool isDashed = false;
};

/// What one chart is made of.
struct ChartSpec
{
    QString title;
    QString accessibleName;
    QString sentence; ///< its live values, in the order of the lines
    QString about;    ///< what is measured
    bool isLogarithmic = false;
    bool isTime = false; ///< milliseconds; else counts
    std::vector<ChartLine> lines;
};

[[nodiscard]] ChartSpec specOf(ChartKind kind);

/// A value as the legend says it; "unlimited" for a target that there is not, a dash for another.
[[nodiscard]] QString valueText(const ChartSpec &spec, Figure figure, double value);

} // namespace throughline
