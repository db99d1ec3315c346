// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>
#include <utility>
#include <vector>

namespace throughline {

/// Values on their way from one thread to another. The reader is woken by a call without a payload (the values stay
/// here, under a mutex that ThreadSanitizer can see), and only when the mailbox was empty, so bursts arrive as one.
template <class T>
class Mailbox final
{
public:
    /// True when the mailbox was empty: the reader must be woken.
    [[nodiscard]] bool post(T value)
    {
        const std::lock_guard lock(m_mutex);
        m_values.push_back(std::move(value));
        return m_values.size() == 1;
    }

    [[nodiscard]] std::vector<T> takeAll()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_values, {});
    }

private:
    std::mutex m_mutex;
    std::vector<T> m_values;
};

} // namespace throughline
