// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QTimer>

namespace throughline {

/// A timer of 10 ms in the thread of the test, which notes the largest gap between two beats. What the machine kept
/// this thread waiting for a core is told apart from what it did itself: only the latter is its fault.
class Heartbeat final
{
public:
    Heartbeat();

    void start();
    void stop() { m_timer.stop(); }
    /// Milliseconds by the clock.
    [[nodiscard]] double longestMs() const noexcept { return m_longestMs; }
    /// The same without the time in which no core was free.
    [[nodiscard]] double longestOwnMs() const noexcept { return m_longestOwnMs; }

private:
    void beat();

    QTimer m_timer;
    QElapsedTimer m_last;
    double m_waitedMs = 0;
    double m_longestMs = 0;
    double m_longestOwnMs = 0;
};

} // namespace throughline
