// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/backoff.h"

#include <algorithm>

namespace throughline {

Backoff::Backoff(milliseconds first, milliseconds last) noexcept
    : m_first(first)
    , m_last(last)
    , m_wait(first)
{
}

milliseconds Backoff::untilDue(Instant now) const noexcept
{
    return isDue(now) ? milliseconds(0) : std::chrono::ceil<milliseconds>(m_next - now);
}

void Backoff::failed(Instant now) noexcept
{
    m_next = now + m_wait;
    m_wait = std::min(m_wait * 2, m_last);
}

void Backoff::succeeded() noexcept
{
    m_wait = m_first;
    m_next = {};
}

} // namespace throughline
