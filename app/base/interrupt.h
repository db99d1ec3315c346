// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

namespace throughline {

/// Lets another thread end a wait for a socket: an eventfd that is polled beside it.
/// raise() and clear() may be called from any thread.
class Interrupt final
{
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt &) = delete;
    Interrupt &operator=(const Interrupt &) = delete;

    void raise() noexcept;
    void clear() noexcept;
    [[nodiscard]] bool isRaised() const noexcept;
    [[nodiscard]] int descriptor() const noexcept { return m_fd; }

private:
    int m_fd;
};

enum class WaitResult { Ready, Timeout, Interrupted };
enum class WaitFor { Read, Write, ReadOrWrite };

/// Lets time pass; false when the interrupt (may be null) ended it early.
[[nodiscard]] bool pauseFor(milliseconds time, const Interrupt *interrupt) noexcept;

/// Waits until `fd` is ready, the deadline has passed or the interrupt (may be null) is raised.
[[nodiscard]] WaitResult waitFor(int fd, WaitFor what, Instant deadline, const Interrupt *interrupt) noexcept;

} // namespace throughline
