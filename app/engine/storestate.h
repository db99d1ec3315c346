// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"

#include <QString>

#include <optional>

namespace throughline {

/// How one store stands, as the status bar shows it.
struct StoreHealth
{
    enum class State { Connecting, Connected, Down };
    State state = State::Connecting;
    QString serverVersion;           ///< `15.8`, `7.0.15`
    double roundTripMs = -1;         ///< of the last ping; < 0 when not measured
    std::optional<StoreError> error; ///< why it is down
    int nextTryMs = 0;               ///< until the next attempt, when down

    [[nodiscard]] bool isUp() const noexcept { return state == State::Connected; }
};

struct StoreStates
{
    StoreHealth postgres;
    StoreHealth redis;
};

} // namespace throughline
