// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/loadhistory.h"

#include <QPointF>
#include <QString>

#include <span>
#include <vector>

namespace throughline::chartseries {

/// The line of a figure: seconds since the start of the run, and its value. A point that stands for several gives its
/// lowest and its highest. Where nothing was answered the line goes straight on.
[[nodiscard]] std::vector<QPointF> lineOf(std::span<const LoadPoint> points, Figure figure);

/// The highest and the lowest value of figures; unknown when there is none.
[[nodiscard]] FigureRange extremesOf(std::span<const LoadPoint> points, std::span<const Figure> figures);

/// The highest value of a figure at a time, or the last one known shortly before.
[[nodiscard]] double valueAt(std::span<const LoadPoint> points, double atS, Figure figure);

/// A line of text per point, with a head: means of rates, the highest latencies and depths.
[[nodiscard]] QString toCsv(std::span<const LoadPoint> points);

} // namespace throughline::chartseries
