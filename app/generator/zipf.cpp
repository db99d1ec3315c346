// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/zipf.h"

#include <algorithm>
#include <cmath>

namespace throughline {

namespace {

/// (e^x - 1) / x, also near 0, where the exponent of the distribution is near 1.
double expm1Over(double x)
{
    return std::abs(x) > 1e-8 ? std::expm1(x) / x : 1 + x / 2 * (1 + x / 3);
}

/// log(1 + x) / x, the same.
double log1pOver(double x)
{
    return std::abs(x) > 1e-8 ? std::log1p(x) / x : 1 - x * (0.5 - x / 3);
}

} // namespace

Zipf::Zipf(double exponent, quint64 ranks)
    : m_exponent(exponent)
    , m_ranks(std::max<quint64>(ranks, 1))
    , m_lowest(integral(1.5) - 1)
    , m_highest(integral(static_cast<double>(m_ranks) + 0.5))
    , m_shortcut(2 - inverse(integral(2.5) - density(2)))
{
}

double Zipf::density(double x) const
{
    return std::exp(-m_exponent * std::log(x));
}

double Zipf::integral(double x) const
{
    const double logarithm = std::log(x);
    return expm1Over((1 - m_exponent) * logarithm) * logarithm;
}

double Zipf::inverse(double y) const
{
    const double limited = std::max(y * (1 - m_exponent), -1.0); // rounding only
    return std::exp(log1pOver(limited) * y);
}

quint64 Zipf::operator()(std::mt19937_64 &random) const
{
    std::uniform_real_distribution<double> uniform(0, 1);
    for (;;) {
        const double y = m_highest + uniform(random) * (m_lowest - m_highest);
        const double x = inverse(y);
        const double rank = std::clamp(std::floor(x + 0.5), 1.0, static_cast<double>(m_ranks));
        if (rank - x <= m_shortcut || y >= integral(rank + 0.5) - density(rank))
            return static_cast<quint64>(rank);
    }
}

} // namespace throughline
