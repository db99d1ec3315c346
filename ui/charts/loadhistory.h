// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/loadreport.h"
#include "ui/charts/figure.h"

#include <array>
#include <deque>
#include <limits>
#include <span>
#include <vector>

namespace throughline {

/// A figure over a time: one value, or the lowest and the highest of several.
struct FigureRange
{
    double low = std::numeric_limits<double>::quiet_NaN();
    double mean = std::numeric_limits<double>::quiet_NaN();
    double high = std::numeric_limits<double>::quiet_NaN();

    [[nodiscard]] bool isKnown() const noexcept { return low == low; }
    [[nodiscard]] static FigureRange of(double value) noexcept { return {value, value, value}; }
};

/// All figures of a time of the run.
struct LoadPoint
{
    double atS = 0; ///< its end, since the start of the run
    double seconds = 0;
    std::array<FigureRange, figureCount> figures;

    [[nodiscard]] const FigureRange &of(Figure figure) const { return figures[size_t(figure)]; }
    [[nodiscard]] FigureRange &of(Figure figure) { return figures[size_t(figure)]; }
};

/// Two neighbouring points as one that keeps their extremes.
[[nodiscard]] LoadPoint merged(const LoadPoint &earlier, const LoadPoint &later);

/// The samples of a run as points for the charts, bounded however long it is: the last minute as it came, the whole run
/// in ever wider steps. Pure; a value.
class LoadHistory final
{
public:
    static constexpr double recentSeconds = 60;
    static constexpr size_t mostRecent = 2000;

    /// `mostPoints` of the whole run; even.
    explicit LoadHistory(size_t mostPoints = 3600);

    void clear();
    void add(const LoadSample &sample);

    [[nodiscard]] bool isEmpty() const noexcept { return m_whole.empty(); }
    [[nodiscard]] double endS() const noexcept { return m_whole.empty() ? 0 : m_whole.back().atS; }
    [[nodiscard]] std::span<const LoadPoint> recent() const noexcept;
    [[nodiscard]] std::span<const LoadPoint> whole() const noexcept { return m_whole; }
    /// The finest points there are for a time, and one before and behind it, where lines enter and leave.
    [[nodiscard]] std::span<const LoadPoint> between(double fromS, double toS) const;
    /// Nothing while there is none.
    [[nodiscard]] static const LoadPoint *nearest(std::span<const LoadPoint> points, double atS);

private:
    [[nodiscard]] LoadPoint pointOf(const LoadSample &sample);
    void addRecent(const LoadPoint &point);
    void addWhole(const LoadPoint &point);

    size_t m_mostPoints;
    std::deque<LoadSample> m_second; ///< the samples of the last second
    std::vector<LoadPoint> m_recent;
    size_t m_recentStart = 0; ///< points before it are too old, and go when they are as many as the others
    std::vector<LoadPoint> m_whole;
    size_t m_step = 1;   ///< samples of a point of m_whole
    size_t m_inLast = 0; ///< samples in the last one
};

} // namespace throughline
