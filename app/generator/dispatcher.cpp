// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/dispatcher.h"

#include <algorithm>
#include <limits>

namespace throughline {

namespace {

/// Far enough, and not so far that a wait for it overflows.
constexpr std::chrono::hours veryLong{24 * 365};
constexpr size_t mostLeft = std::numeric_limits<qint64>::max();

Instant endOf(const LoadSettings &settings, Instant start)
{
    if (settings.durationS <= 0)
        return start + veryLong;
    return start + std::min<nanoseconds>(veryLong, std::chrono::duration_cast<nanoseconds>(
                                                       std::chrono::duration<double>(settings.durationS)));
}

} // namespace

Dispatcher::Dispatcher(const LoadSettings &settings, Instant start)
    : m_start(start)
    , m_count(settings.count)
    , m_end(endOf(settings, start))
    , m_pacer(RateSchedule::of(settings), settings.pacing, start)
    , m_lastTaken(start)
{
}

size_t Dispatcher::left() const noexcept
{
    return m_count > 0 ? static_cast<size_t>(m_count - m_taken) : std::numeric_limits<size_t>::max();
}

void Dispatcher::end(Instant when)
{
    if (m_endedAt)
        return;
    m_endedAt = when;
    m_due.notify_all();
    m_follow.notify_all();
    m_ending.notify_all();
}

Dispatcher::Turn Dispatcher::take(size_t atMost, bool mayWait, std::vector<Instant> &times)
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        const Instant now = Clock::now();
        if (now >= m_end)
            end(m_end);
        if (m_endedAt)
            return Turn::Ended;
        if (left() > 0) {
            const size_t before = times.size();
            m_pacer.take(now, std::min(atMost, left()), times);
            m_taken += static_cast<qint64>(times.size() - before);
            if (times.size() > before) {
                m_lastTaken = now;
                if (!m_leading && m_followers > 0)
                    m_follow.notify_one(); // who has taken it will not wait for the next one
                return Turn::Taken;
            }
        }
        if (left() == 0 || !m_pacer.nextDue(now)) {
            m_follow.notify_all();
            m_due.notify_all();
            return Turn::Over;
        }
        if (!mayWait)
            return Turn::NotYet;
        waitForDue(lock, now);
    }
}

void Dispatcher::waitForDue(std::unique_lock<std::mutex> &lock, Instant now)
{
    if (m_leading) {
        ++m_followers;
        m_follow.wait(lock);
        --m_followers;
        return;
    }
    m_leading = true;
    m_due.wait_until(lock, std::min(m_pacer.nextDue(now).value_or(m_end), m_end));
    m_leading = false;
}

Instant Dispatcher::nextDue()
{
    const std::lock_guard lock(m_mutex);
    return std::min(m_pacer.nextDue(Clock::now()).value_or(m_end), m_end);
}

void Dispatcher::rest(milliseconds time)
{
    std::unique_lock lock(m_mutex);
    m_ending.wait_for(lock, time, [this] { return m_endedAt.has_value(); });
}

void Dispatcher::setRate(double perSecond)
{
    const std::lock_guard lock(m_mutex);
    m_pacer.setRate(perSecond, Clock::now());
    m_due.notify_all();
    m_follow.notify_all();
}

void Dispatcher::stop()
{
    const std::lock_guard lock(m_mutex);
    end(Clock::now());
}

bool Dispatcher::hasEnded()
{
    const std::lock_guard lock(m_mutex);
    return m_endedAt.has_value();
}

Dispatcher::State Dispatcher::state(Instant now)
{
    const std::lock_guard lock(m_mutex);
    const Instant at = std::min(m_endedAt.value_or(now), m_end - nanoseconds(1)); // what is due at the end is not of it
    const bool isOver = left() == 0 || !m_pacer.nextDue(at);
    State state;
    state.rate = m_pacer.rate(at);
    state.taken = m_taken;
    state.backlog = std::min(m_pacer.backlog(at), static_cast<long long>(std::min<size_t>(left(), mostLeft)));
    state.forgotten = m_pacer.forgotten();
    state.sendingS = std::chrono::duration<double>((isOver ? m_lastTaken : at) - m_start).count();
    return state;
}

} // namespace throughline
