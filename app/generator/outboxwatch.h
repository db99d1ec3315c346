// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/interrupt.h"
#include "domain/mapping.h"
#include "engine/enginesettings.h"

#include <atomic>
#include <optional>
#include <thread>

namespace throughline {

/// Counts what waits in the outbox about twice a second, on a thread and over a connection of its own: a server that is
/// slow to say it makes the charts' samples no later, and costs no worker anything.
class OutboxWatch final
{
public:
    OutboxWatch(const Mapping &mapping, const EngineSettings &settings);
    /// Breaks off a look that is under way.
    ~OutboxWatch();
    OutboxWatch(const OutboxWatch &) = delete;
    OutboxWatch &operator=(const OutboxWatch &) = delete;

    /// At the last look; none while PostgreSQL does not say. Any thread.
    [[nodiscard]] std::optional<qint64> rows() const noexcept;

private:
    void run();

    Mapping m_mapping;
    EngineSettings m_settings;
    Interrupt m_interrupt;
    std::atomic<qint64> m_rows{-1}; ///< below 0: not known
    std::thread m_thread;           ///< last: starts when everything above is there
};

} // namespace throughline
