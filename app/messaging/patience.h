// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "messaging/messageplan.h"
#include "messaging/stopsignal.h"

#include <algorithm>
#include <functional>
#include <optional>

namespace throughline {

/// Repeats what fails for a reason that passes, until it works or the run is to end. Whatever is given to it must be
/// safe to repeat. Belongs to the thread of the run.
class Patience final
{
public:
    /// `told` hears what hinders when it begins, and nothing when it is over.
    Patience(const StopSignal &signal, std::function<void(const std::optional<StoreError> &)> told)
        : m_signal(signal)
        , m_told(std::move(told))
    {
    }

    /// Always tries once; fails with what does not pass, or with what hindered last when the run ends.
    template <class Try>
    [[nodiscard]] auto until(Try attempt) -> decltype(attempt())
    {
        milliseconds wait = firstWait;
        for (;;) {
            auto answer = attempt();
            if (answer) {
                tell(std::nullopt);
                return answer;
            }
            if (!messageplan::isPassing(answer.error()))
                return answer;
            if (wait >= tellAfter)
                tell(answer.error());
            if (!pauseFor(wait, &m_signal.stop))
                return answer;
            wait = std::min(wait * 2, longestWait);
        }
    }

    [[nodiscard]] bool isEnding() const noexcept { return m_signal.stop.isRaised(); }

private:
    static constexpr milliseconds firstWait{10};
    static constexpr milliseconds tellAfter{80}; ///< a deadlock that is over at once is not worth a word
    static constexpr milliseconds longestWait{200};

    void tell(const std::optional<StoreError> &error)
    {
        if (error.has_value() == m_hindered)
            return;
        m_hindered = error.has_value();
        m_told(error);
    }

    const StopSignal &m_signal;
    std::function<void(const std::optional<StoreError> &)> m_told;
    bool m_hindered = false;
};

} // namespace throughline
