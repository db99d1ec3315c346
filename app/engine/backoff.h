// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

namespace throughline {

/// When to try a store again: at once at first, then after a time that doubles up to a limit. A value.
class Backoff final
{
public:
    Backoff(milliseconds first, milliseconds last) noexcept;

    [[nodiscard]] bool isDue(Instant now) const noexcept { return now >= m_next; }
    [[nodiscard]] milliseconds untilDue(Instant now) const noexcept;
    [[nodiscard]] Instant next() const noexcept { return m_next; }
    void failed(Instant now) noexcept;
    void succeeded() noexcept;
    /// The next attempt is due now; the waiting time goes on where it was.
    void hurry(Instant now) noexcept { m_next = now; }

private:
    milliseconds m_first;
    milliseconds m_last;
    milliseconds m_wait;
    Instant m_next{};
};

} // namespace throughline
