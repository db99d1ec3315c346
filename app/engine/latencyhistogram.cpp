// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/latencyhistogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace throughline {

// Below 2^6 ns a bucket is one nanosecond wide; above, the first six bits after the leading one choose the bucket.
int LatencyHistogram::bucketOf(std::int64_t nanosecondCount) noexcept
{
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(nanosecondCount, 0));
    if (value < (1U << subBits))
        return static_cast<int>(value);
    const int shift = std::bit_width(value) - 1 - subBits;
    const auto sub = static_cast<int>((value >> shift) & ((1U << subBits) - 1));
    return std::min(((shift + 1) << subBits) + sub, buckets - 1);
}

std::int64_t LatencyHistogram::upperBound(int bucket) noexcept
{
    if (bucket < (1 << subBits))
        return bucket;
    const int shift = (bucket >> subBits) - 1;
    const std::int64_t sub = (bucket & ((1 << subBits) - 1)) | (1 << subBits);
    return (sub << shift) + ((std::int64_t{1} << shift) - 1);
}

void LatencyHistogram::record(nanoseconds latency) noexcept
{
    ++m_counts[static_cast<size_t>(bucketOf(latency.count()))];
    ++m_count;
    m_sum += latency;
    m_maximum = std::max(m_maximum, latency);
}

void LatencyHistogram::merge(const LatencyHistogram &other) noexcept
{
    for (size_t i = 0; i < m_counts.size(); ++i)
        m_counts[i] += other.m_counts[i];
    m_count += other.m_count;
    m_sum += other.m_sum;
    m_maximum = std::max(m_maximum, other.m_maximum);
}

nanoseconds LatencyHistogram::percentile(double percent) const noexcept
{
    if (m_count == 0)
        return nanoseconds(0);
    const double exact = std::ceil(percent / 100.0 * static_cast<double>(m_count));
    const auto rank = std::clamp(static_cast<std::int64_t>(exact), std::int64_t{1}, m_count);
    std::int64_t seen = 0;
    for (int bucket = 0; bucket < buckets; ++bucket) {
        seen += m_counts[static_cast<size_t>(bucket)];
        if (seen >= rank)
            return std::min(nanoseconds(upperBound(bucket)), m_maximum);
    }
    return m_maximum;
}

} // namespace throughline
