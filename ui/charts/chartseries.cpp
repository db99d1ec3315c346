// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chartseries.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace throughline::chartseries {

using namespace Qt::StringLiterals;

namespace {

constexpr double quarter = 0.25;
constexpr double lookBack = 5; ///< seconds: slow runs are answered seldom, and the outbox is looked at twice a second

/// In the order in which the line goes on from the point before with the shorter way.
void addBoth(std::vector<QPointF> &line, const LoadPoint &point, const FigureRange &range)
{
    const double before = line.empty() ? range.low : line.back().y();
    const bool lowFirst = std::abs(before - range.low) <= std::abs(before - range.high);
    const double first = lowFirst ? range.low : range.high;
    const double second = lowFirst ? range.high : range.low;
    line.emplace_back(point.atS - point.seconds * (1 - quarter), first);
    line.emplace_back(point.atS - point.seconds * quarter, second);
}

bool isRate(Figure figure)
{
    return figure == Figure::Done || figure == Figure::Target || figure == Figure::Errors;
}

QString cell(const LoadPoint &point, Figure figure)
{
    const FigureRange &range = point.of(figure);
    return range.isKnown() ? QString::number(isRate(figure) ? range.mean : range.high, 'g', 9) : QString();
}

} // namespace

std::vector<QPointF> lineOf(std::span<const LoadPoint> points, Figure figure)
{
    std::vector<QPointF> line;
    line.reserve(points.size());
    for (const LoadPoint &point : points) {
        const FigureRange &range = point.of(figure);
        if (!range.isKnown())
            continue;
        if (range.low < range.high)
            addBoth(line, point, range);
        else
            line.emplace_back(point.atS, range.high);
    }
    return line;
}

FigureRange extremesOf(std::span<const LoadPoint> points, std::span<const Figure> figures)
{
    FigureRange extremes;
    for (const LoadPoint &point : points) {
        for (const Figure figure : figures) {
            const FigureRange &range = point.of(figure);
            if (!range.isKnown())
                continue;
            extremes.low = extremes.isKnown() ? std::min(extremes.low, range.low) : range.low;
            extremes.high = std::isnan(extremes.high) ? range.high : std::max(extremes.high, range.high);
        }
    }
    return extremes;
}

double valueAt(std::span<const LoadPoint> points, double atS, Figure figure)
{
    const LoadPoint *nearest = LoadHistory::nearest(points, atS);
    if (!nearest)
        return std::numeric_limits<double>::quiet_NaN();
    const LoadPoint *point = nearest;
    while (!point->of(figure).isKnown() && point != points.data() && nearest->atS - point->atS < lookBack)
        --point;
    return figure == Figure::Target ? nearest->of(figure).high : point->of(figure).high;
}

QString toCsv(std::span<const LoadPoint> points)
{
    QString text = u"at_s,seconds,writes_per_s,target_per_s,latency_p50_ms,latency_p95_ms,latency_p99_ms,"
                   "latency_max_ms,staleness_p50_ms,staleness_p95_ms,staleness_p99_ms,staleness_max_ms,errors_per_s,"
                   "outbox_rows\n"_s;
    for (const LoadPoint &point : points) {
        QStringList cells{QString::number(point.atS, 'f', 3), QString::number(point.seconds, 'f', 3)};
        for (int i = 0; i < figureCount; ++i)
            cells << cell(point, static_cast<Figure>(i));
        text += cells.join(u',') + u'\n';
    }
    return text;
}

} // namespace throughline::chartseries
