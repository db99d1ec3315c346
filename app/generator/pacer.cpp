// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/pacer.h"

#include <algorithm>
#include <cmath>

namespace throughline {

Pacer::Pacer(double rate, int workers, int index, Instant start) noexcept
    : m_rate(rate)
    , m_workers(workers)
    , m_index(index)
    , m_start(start)
{
}

nanoseconds Pacer::offsetOf(long long issued) const noexcept
{
    const double turn = static_cast<double>(issued) * m_workers + m_index;
    return nanoseconds(std::llround(turn / m_rate * 1e9));
}

Instant Pacer::due(Instant now) const noexcept
{
    return m_rate <= 0 ? now : m_start + offsetOf(m_issued);
}

long long Pacer::behind(Instant now) const noexcept
{
    if (m_rate <= 0 || now < m_start)
        return 0;
    const double turns = std::chrono::duration<double>(now - m_start).count() * m_rate;
    const auto dueByNow = static_cast<long long>(std::floor((turns - m_index) / m_workers)) + 1;
    return std::max(0LL, dueByNow - m_issued);
}

void Pacer::setRate(double rate, Instant now) noexcept
{
    if (rate == m_rate)
        return;
    m_rate = rate;
    m_start = now;
    m_issued = 0;
}

} // namespace throughline
