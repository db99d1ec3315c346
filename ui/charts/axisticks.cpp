// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/axisticks.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace throughline::axisticks {

using namespace Qt::StringLiterals;

namespace {

constexpr double headroom = 1.08;
constexpr double slack = 1e-9; ///< of a power of ten, which is computed

double decadeOf(double value)
{
    return std::pow(10, std::floor(std::log10(value) + slack));
}

double stepBelow(double value)
{
    const double decade = decadeOf(value);
    const double share = value / decade * (1 + slack);
    return decade * (share >= 5 ? 5 : share >= 2 ? 2 : 1);
}

double stepAbove(double value)
{
    const double decade = decadeOf(value);
    const double share = value / decade * (1 - slack);
    return decade * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

double timeStep(double span, int most)
{
    constexpr std::array steps{1.0,  2.0,   5.0,   10.0,  15.0,   30.0,   60.0,   120.0,
                               300., 600.0, 900.0, 1800., 3600.0, 7200.0, 14400., 21600.0};
    const auto fits = std::ranges::find_if(steps, [&](double step) { return span / step <= most; });
    return fits != steps.end() ? *fits : stepAbove(span / most / 3600) * 3600;
}

QString sinceStart(double seconds, int decimals)
{
    const double tenths = decimals > 0 ? std::round(seconds * 10) / 10 : std::round(seconds);
    const auto whole = qint64(std::floor(tenths));
    const double rest = tenths - double(whole - whole % 60);
    const QString last = QLocale::c().toString(rest, 'f', decimals).rightJustified(decimals > 0 ? 4 : 2, u'0');
    if (whole < 3600)
        return u"%1:%2"_s.arg(whole / 60).arg(last);
    return u"%1:%2:%3"_s.arg(whole / 3600).arg(whole / 60 % 60, 2, 10, QChar(u'0')).arg(last);
}

QString label(double atS, const TimeRange &range, bool fromEnd, int decimals)
{
    if (!fromEnd)
        return sinceStart(std::max(0.0, atS), decimals);
    const double back = range.to - atS;
    if (back < 0.05)
        return QCoreApplication::translate("charts", "now");
    return QCoreApplication::translate("charts", "\u2212%1 s").arg(QLocale().toString(back, 'f', decimals));
}

} // namespace

double topFor(double highest)
{
    if (!(highest > 0))
        return 1;
    const double wanted = highest * headroom;
    const double decade = decadeOf(wanted);
    for (const double share : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0})
        if (share * decade * (1 + slack) >= wanted)
            return share * decade;
    return 10 * decade;
}

std::vector<double> linear(double top, int most)
{
    const double step = stepAbove(top / std::max(most, 1));
    std::vector<double> ticks;
    for (int i = 0; ticks.empty() || ticks.back() < top * (1 - slack); ++i)
        ticks.push_back(i * step);
    return ticks;
}

Scale logarithmicFor(double lowest, double highest)
{
    constexpr double least = 0.001;
    const double low = std::max(lowest, least);
    Scale scale{stepBelow(low), stepAbove(std::max(highest, low))};
    while (scale.high < scale.low * 10 * (1 - slack))
        scale.high = stepAbove(scale.high * 1.5);
    return scale;
}

std::vector<double> logarithmic(const Scale &scale, int most)
{
    std::vector<double> ticks;
    std::vector<double> decades;
    for (double tick = scale.low; tick <= scale.high * (1 + slack); tick = stepAbove(tick * 1.5)) {
        ticks.push_back(tick);
        if (std::abs(tick / decadeOf(tick) - 1) < slack * 10)
            decades.push_back(tick);
    }
    return int(ticks.size()) <= most || decades.size() < 2 ? ticks : decades;
}

std::vector<double> times(const TimeRange &range, bool fromEnd, int most)
{
    if (range.span() <= 0)
        return {};
    const double step = timeStep(range.span(), most);
    std::vector<double> ticks;
    if (fromEnd) {
        for (double tick = range.to; tick >= range.from - slack; tick -= step)
            ticks.insert(ticks.begin(), tick);
        return ticks;
    }
    for (double tick = std::ceil(std::max(0.0, range.from) / step) * step; tick <= range.to + slack; tick += step)
        ticks.push_back(tick);
    return ticks;
}

QString valueLabel(double value)
{
    const auto scaled = [](double number, QLatin1StringView unit) {
        return QLocale().toString(number, 'g', 4) + u'\u2009' + unit;
    };
    if (value >= 1e6)
        return scaled(value / 1e6, "M"_L1);
    if (value >= 1e4)
        return scaled(value / 1e3, "k"_L1);
    return QString::number(value, 'g', 4);
}

QString timeLabel(double atS, const TimeRange &range, bool fromEnd)
{
    return label(atS, range, fromEnd, 0);
}

QString exactTime(double atS, const TimeRange &range, bool fromEnd)
{
    return label(atS, range, fromEnd, 1);
}

std::vector<double> spread(std::vector<double> wanted, double height, double bottom)
{
    std::vector<size_t> order(wanted.size());
    std::iota(order.begin(), order.end(), size_t(0));
    // Of equal ones the last is the topmost: percentiles rise in their order.
    std::ranges::reverse(order);
    std::ranges::stable_sort(order, {}, [&](size_t i) { return wanted[i]; });
    double next = height / 2;
    for (const size_t i : order) {
        wanted[i] = std::max(wanted[i], next);
        next = wanted[i] + height;
    }
    double last = bottom - height / 2;
    for (auto i = order.rbegin(); i != order.rend(); ++i) {
        wanted[*i] = std::min(wanted[*i], last);
        last = wanted[*i] - height;
    }
    return wanted;
}

} // namespace throughline::axisticks
