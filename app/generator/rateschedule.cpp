// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/rateschedule.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace throughline {

namespace {

constexpr double forever = std::numeric_limits<double>::infinity();

/// The time in which a rate that begins with `from` and grows by `slope` per second makes `count`; the root of
/// from t + slope t^2 / 2 = count in the form that loses no digits when the slope is small or falling.
double timeFor(double count, double from, double slope) noexcept
{
    if (count <= 0)
        return 0;
    return 2 * count / (from + std::sqrt(std::max(0.0, from * from + 2 * slope * count)));
}

} // namespace

RateSchedule::RateSchedule(double rate)
    : RateSchedule(std::vector<RatePart>{{rate, rate, 0}})
{
}

RateSchedule::RateSchedule(std::vector<RatePart> parts)
{
    double start = 0, before = 0;
    for (const RatePart &part : parts) {
        m_parts.push_back({part.from, part.to, start, part.seconds > 0 ? part.seconds : forever, before});
        if (part.seconds <= 0)
            break;
        before += m_parts.back().countIn(part.seconds);
        start += part.seconds;
    }
}

RateSchedule RateSchedule::of(const LoadSettings &settings)
{
    return settings.schedule.empty() ? RateSchedule(settings.rate) : RateSchedule(settings.schedule);
}

/// The integral over the first `time` seconds of the part.
double RateSchedule::Part::countIn(double time) const noexcept
{
    if (unlimited())
        return 0;
    return from == to ? from * time : from * time + (to - from) / seconds * time * time / 2;
}

const RateSchedule::Part *RateSchedule::partAt(double seconds) const noexcept
{
    const auto found = std::ranges::find_if(m_parts, [&](const Part &part) { return seconds < part.end(); });
    return found == m_parts.end() ? nullptr : &*found;
}

double RateSchedule::rateAt(double seconds) const noexcept
{
    const Part *part = partAt(seconds);
    if (!part)
        return m_parts.empty() ? 0 : m_parts.back().to;
    return part->from == part->to ? part->from
                                  : part->from + (part->to - part->from) * (seconds - part->start) / part->seconds;
}

bool RateSchedule::isUnlimitedAt(double seconds) const noexcept
{
    const Part *part = partAt(seconds);
    return part && part->unlimited();
}

bool RateSchedule::isOverAt(double seconds) const noexcept
{
    return partAt(seconds) == nullptr;
}

double RateSchedule::countAt(double seconds) const noexcept
{
    if (const Part *part = partAt(seconds))
        return part->before + part->countIn(std::max(0.0, seconds - part->start));
    return m_parts.empty() ? 0 : m_parts.back().before + m_parts.back().countIn(m_parts.back().seconds);
}

std::optional<double> RateSchedule::timeOf(long long number) const noexcept
{
    const auto count = static_cast<double>(number);
    for (const Part &part : m_parts) {
        if (part.unlimited() || count >= part.before + part.countIn(part.seconds))
            continue;
        const double slope = part.from == part.to ? 0 : (part.to - part.from) / part.seconds;
        return part.start + timeFor(count - part.before, part.from, slope);
    }
    return std::nullopt;
}

long long RateSchedule::dueBy(double seconds) const noexcept
{
    if (seconds < 0)
        return 0;
    // Rounding may put the count just beside a whole number, whose own time then decides.
    auto number = static_cast<long long>(std::floor(countAt(seconds) + 1e-6));
    while (number > 0 && timeOf(number - 1).value_or(forever) > seconds)
        --number;
    return number + (timeOf(number).value_or(forever) <= seconds ? 1 : 0);
}

std::optional<double> RateSchedule::unlimitedFrom(double seconds) const noexcept
{
    for (const Part &part : m_parts) {
        if (part.unlimited() && seconds < part.end())
            return std::max(seconds, part.start);
    }
    return std::nullopt;
}

} // namespace throughline
