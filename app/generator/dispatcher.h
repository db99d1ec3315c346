// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/pacer.h"

#include <condition_variable>
#include <mutex>

namespace throughline {

/// Tells the workers of a run when to send what. An operation that is due goes to whichever worker is free, so that
/// the slow answer of one delays nobody else's; the price is a lock per batch. Of the workers that wait, one sleeps
/// until the next operation is due and the others until that one has gone: a time wakes one thread, not all. Its
/// functions may be called from any thread and never wait, but for take() and rest().
class Dispatcher final
{
public:
    Dispatcher(const LoadSettings &settings, Instant start);

    enum class Turn {
        Taken,
        NotYet, ///< nothing is due
        Over,   ///< all operations have been handed out
        Ended,  ///< the time is over, or somebody has stopped the run: what was not sent is not sent
    };
    /// Times of up to `atMost` operations that are due; waits for the first when it may.
    [[nodiscard]] Turn take(size_t atMost, bool mayWait, std::vector<Instant> &times);
    /// When there is something to take again: the next operation, or the end of the run.
    [[nodiscard]] Instant nextDue();
    /// For a store that is away: lets time pass, or less when the run ends.
    void rest(milliseconds time);

    void setRate(double perSecond);
    void stop();
    [[nodiscard]] bool hasEnded();

    struct State
    {
        double rate = 0;      ///< at the moment
        qint64 taken = 0;     ///< operations that were handed out
        qint64 backlog = 0;   ///< due and not handed out; at the end, what never was
        qint64 forgotten = 0; ///< given up for another rate
        double sendingS = 0;  ///< from the start to the end, or to the last operation that was handed out
    };
    [[nodiscard]] State state(Instant now);

private:
    [[nodiscard]] size_t left() const noexcept;
    void end(Instant when);
    void waitForDue(std::unique_lock<std::mutex> &lock, Instant now);

    Instant m_start;
    qint64 m_count; ///< 0 = no limit
    Instant m_end;

    std::mutex m_mutex; ///< guards everything below
    std::condition_variable m_due;
    std::condition_variable m_follow;
    std::condition_variable m_ending;
    Pacer m_pacer;
    qint64 m_taken = 0;
    int m_followers = 0;
    bool m_leading = false; ///< somebody sleeps until the next operation is due
    Instant m_lastTaken;
    std::optional<Instant> m_endedAt;
};

} // namespace throughline
