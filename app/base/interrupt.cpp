// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/interrupt.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace throughline {

namespace {

int millisecondsUntil(Instant deadline)
{
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

short eventsOf(WaitFor what)
{
    switch (what) {
    case WaitFor::Read:
        return POLLIN;
    case WaitFor::Write:
        return POLLOUT;
    case WaitFor::ReadOrWrite:
        break;
    }
    return POLLIN | POLLOUT;
}

} // namespace

Interrupt::Interrupt()
    : m_fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
}

Interrupt::~Interrupt()
{
    close(m_fd);
}

void Interrupt::raise() noexcept
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(m_fd, &one, sizeof one);
}

void Interrupt::clear() noexcept
{
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = read(m_fd, &count, sizeof count);
}

bool Interrupt::isRaised() const noexcept
{
    pollfd wait{m_fd, POLLIN, 0};
    return poll(&wait, 1, 0) > 0;
}

bool pauseFor(milliseconds time, const Interrupt *interrupt) noexcept
{
    return waitFor(-1, WaitFor::Read, Clock::now() + time, interrupt) != WaitResult::Interrupted;
}

WaitResult waitFor(int fd, WaitFor what, Instant deadline, const Interrupt *interrupt) noexcept
{
    std::array<pollfd, 2> waits{{{fd, eventsOf(what), 0}, {interrupt ? interrupt->descriptor() : -1, POLLIN, 0}}};
    for (;;) {
        const int ready = poll(waits.data(), waits.size(), millisecondsUntil(deadline));
        if (ready < 0 && errno == EINTR)
            continue;
        if (waits[1].revents != 0)
            return WaitResult::Interrupted;
        // An error on the socket counts as ready: the read or write that follows reports it.
        if (ready != 0)
            return WaitResult::Ready;
        if (Clock::now() >= deadline)
            return WaitResult::Timeout;
    }
}

} // namespace throughline
