// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/loadhistory.h"

#include <algorithm>

namespace throughline {

namespace {

constexpr double shortestRate = 0.45; ///< seconds: a single write would be a peak at the start of a slow run

FigureRange merged(const FigureRange &one, double oneSeconds, const FigureRange &other, double otherSeconds)
{
    if (!one.isKnown() || !other.isKnown())
        return one.isKnown() ? one : other;
    const double seconds = oneSeconds + otherSeconds;
    const double mean = seconds > 0 ? (one.mean * oneSeconds + other.mean * otherSeconds) / seconds : one.mean;
    return {std::min(one.low, other.low), mean, std::max(one.high, other.high)};
}

void takeLatency(LoadPoint &point, Figure first, const std::optional<LatencyMs> &latency)
{
    if (!latency)
        return;
    const std::array values{latency->p50, latency->p95, latency->p99, latency->max};
    for (size_t i = 0; i < values.size(); ++i)
        point.figures[size_t(first) + i] = FigureRange::of(values[i]);
}

} // namespace

LoadPoint merged(const LoadPoint &earlier, const LoadPoint &later)
{
    LoadPoint point;
    point.atS = later.atS;
    point.seconds = earlier.seconds + later.seconds;
    for (size_t i = 0; i < point.figures.size(); ++i)
        point.figures[i] = merged(earlier.figures[i], earlier.seconds, later.figures[i], later.seconds);
    return point;
}

LoadHistory::LoadHistory(size_t mostPoints)
    : m_mostPoints(mostPoints)
{
}

void LoadHistory::clear()
{
    *this = LoadHistory(m_mostPoints);
}

void LoadHistory::add(const LoadSample &sample)
{
    if (sample.seconds <= 0)
        return;
    const LoadPoint point = pointOf(sample);
    addRecent(point);
    addWhole(point);
}

std::span<const LoadPoint> LoadHistory::recent() const noexcept
{
    return std::span(m_recent).subspan(m_recentStart);
}

std::span<const LoadPoint> LoadHistory::between(double fromS, double toS) const
{
    const auto fine = recent();
    const bool isRecent = !fine.empty() && fine.front().atS - fine.front().seconds <= fromS;
    const std::span<const LoadPoint> points = isRecent ? fine : std::span(m_whole);
    auto first = std::ranges::lower_bound(points, fromS, {}, &LoadPoint::atS);
    auto last = std::ranges::upper_bound(points, toS, {}, &LoadPoint::atS);
    if (first != points.begin())
        --first;
    if (last != points.end())
        ++last;
    return {first, last};
}

const LoadPoint *LoadHistory::nearest(std::span<const LoadPoint> points, double atS)
{
    if (points.empty())
        return nullptr;
    const auto next = std::ranges::lower_bound(points, atS, {}, &LoadPoint::atS);
    if (next == points.begin())
        return &*next;
    const auto before = next - 1;
    return next == points.end() || atS - before->atS < next->atS - atS ? &*before : &*next;
}

/// Writes and errors are those of the last second: in a tenth of one, a slow run has one or none.
LoadPoint LoadHistory::pointOf(const LoadSample &sample)
{
    m_second.push_back(sample);
    while (m_second.front().atS <= sample.atS - 1 + sample.seconds / 2 && m_second.size() > 1)
        m_second.pop_front();
    double seconds = 0;
    qint64 committed = 0;
    qint64 errors = 0;
    for (const LoadSample &each : m_second) {
        seconds += each.seconds;
        committed += each.committed;
        errors += each.errors;
    }
    LoadPoint point;
    point.atS = sample.atS;
    point.seconds = sample.seconds;
    if (seconds > shortestRate) {
        point.of(Figure::Done) = FigureRange::of(double(committed) / seconds);
        point.of(Figure::Errors) = FigureRange::of(double(errors) / seconds);
    }
    if (sample.targetPerSecond > 0)
        point.of(Figure::Target) = FigureRange::of(sample.targetPerSecond);
    takeLatency(point, Figure::Latency50, sample.fromIntendedStart);
    takeLatency(point, Figure::Stale50, sample.staleness);
    if (sample.outboxRows)
        point.of(Figure::Outbox) = FigureRange::of(double(*sample.outboxRows));
    return point;
}

void LoadHistory::addRecent(const LoadPoint &point)
{
    m_recent.push_back(point);
    const double oldest = point.atS - recentSeconds - 1;
    while (m_recent[m_recentStart].atS < oldest || m_recent.size() - m_recentStart > mostRecent)
        ++m_recentStart;
    if (m_recentStart * 2 < m_recent.size())
        return;
    m_recent.erase(m_recent.begin(), m_recent.begin() + std::ptrdiff_t(m_recentStart));
    m_recentStart = 0;
}

void LoadHistory::addWhole(const LoadPoint &point)
{
    if (m_inLast > 0 && m_inLast < m_step) {
        m_whole.back() = merged(m_whole.back(), point);
        ++m_inLast;
        return;
    }
    if (m_whole.size() >= m_mostPoints) {
        for (size_t i = 0; i < m_whole.size() / 2; ++i)
            m_whole[i] = merged(m_whole[2 * i], m_whole[2 * i + 1]);
        m_whole.resize(m_whole.size() / 2);
        m_step *= 2;
    }
    m_whole.push_back(point);
    m_inLast = 1;
}

} // namespace throughline
