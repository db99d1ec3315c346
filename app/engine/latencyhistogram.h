// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <array>
#include <cstdint>

namespace throughline {

/// Counts latencies in log-linear buckets: 64 per power of two, so a percentile is at most 1.6 % too high. A value of
/// fixed size; one per worker, merged at the end.
class LatencyHistogram final
{
public:
    void record(nanoseconds latency) noexcept;
    void merge(const LatencyHistogram &other) noexcept;

    [[nodiscard]] std::int64_t count() const noexcept { return m_count; }
    [[nodiscard]] nanoseconds sum() const noexcept { return m_sum; }
    [[nodiscard]] nanoseconds maximum() const noexcept { return m_maximum; }
    /// The upper bound of the bucket where the `percent`-th latency lies (0..100); zero without any.
    [[nodiscard]] nanoseconds percentile(double percent) const noexcept;

private:
    static constexpr int subBits = 6;
    static constexpr int exponents = 58; ///< up to 2^63 ns
    static constexpr int buckets = exponents << subBits;
    [[nodiscard]] static int bucketOf(std::int64_t nanosecondCount) noexcept;
    [[nodiscard]] static std::int64_t upperBound(int bucket) noexcept;

    std::array<std::int64_t, buckets> m_counts{};
    std::int64_t m_count = 0;
    nanoseconds m_sum{0};
    nanoseconds m_maximum{0};
};

} // namespace throughline
