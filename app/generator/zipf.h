// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <random>

namespace throughline {

/// Draws ranks 1..n with a probability in proportion to rank^-exponent, exactly, in constant time and without a table,
/// for any exponent above 0. The method is rejection-inversion: W. Hoermann and G. Derflinger, "Rejection-inversion to
/// generate variates from monotone discrete distributions", ACM TOMACS 6 (1996), 169-184. A value.
class Zipf final
{
public:
    Zipf(double exponent, quint64 ranks);

    [[nodiscard]] quint64 operator()(std::mt19937_64 &random) const;
    [[nodiscard]] quint64 ranks() const noexcept { return m_ranks; }

private:
    [[nodiscard]] double density(double x) const;
    [[nodiscard]] double integral(double x) const;
    [[nodiscard]] double inverse(double y) const;

    double m_exponent;
    quint64 m_ranks;
    double m_lowest;   ///< of the integral: where rank 1 begins
    double m_highest;  ///< where the last rank ends
    double m_shortcut; ///< nearer than this to the rank, the draw is accepted without another look
};

} // namespace throughline
