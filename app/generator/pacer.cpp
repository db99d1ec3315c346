// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/pacer.h"

#include <algorithm>
#include <cmath>

namespace throughline {

Pacer::Pacer(RateSchedule schedule, Pacing pacing, Instant start) noexcept
    : m_schedule(std::move(schedule))
    , m_pacing(pacing)
    , m_start(start)
{
}

double Pacer::secondsAt(Instant now) const noexcept
{
    return std::chrono::duration<double>(now - m_start).count();
}

std::optional<Instant> Pacer::timeOf(long long number) const noexcept
{
    const auto seconds = m_schedule.timeOf(number);
    if (!seconds || *seconds > 1e9) // thirty years
        return std::nullopt;
    return m_start + nanoseconds(std::llround(*seconds * 1e9));
}

void Pacer::take(Instant now, size_t atMost, std::vector<Instant> &times)
{
    const size_t most = times.size() + atMost;
    for (auto due = timeOf(m_taken); times.size() < most && due && *due <= now; due = timeOf(m_taken)) {
        times.push_back(m_pacing == Pacing::OpenLoop ? *due : anyTime);
        ++m_taken;
    }
    if (m_pacing == Pacing::ClosedLoop)
        m_taken = std::max(m_taken, m_schedule.dueBy(secondsAt(now)));
    if (m_schedule.isUnlimitedAt(secondsAt(now)))
        times.resize(most, anyTime);
}

std::optional<Instant> Pacer::nextDue(Instant now) const noexcept
{
    const auto limited = timeOf(m_taken);
    const auto free = m_schedule.unlimitedFrom(secondsAt(now));
    if (!free)
        return limited;
    const Instant from = m_start + nanoseconds(std::llround(*free * 1e9));
    return limited ? std::min(*limited, from) : from;
}

long long Pacer::backlog(Instant now) const noexcept
{
    if (m_pacing == Pacing::ClosedLoop)
        return 0;
    return std::max(0LL, m_schedule.dueBy(secondsAt(now)) - m_taken);
}

void Pacer::setRate(double rate, Instant now)
{
    const RateSchedule fresh(rate);
    if (m_schedule == fresh)
        return;
    m_forgotten += backlog(now);
    m_schedule = fresh;
    m_start = now;
    m_taken = 0;
}

} // namespace throughline
