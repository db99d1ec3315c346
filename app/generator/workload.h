// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/mapping.h"

#include <optional>
#include <random>

namespace throughline {

/// What a run of the generator is asked to do.
struct LoadSettings
{
    double rate = 0;       ///< updates per second, 0 = unlimited
    double durationS = 0;  ///< seconds, 0 = until stopped
    qint64 count = 0;      ///< edits, 0 = no limit
    int connections = 1;   ///< 1..64
    quint64 seed = 0;      ///< same seed, same sequence
};

inline constexpr int lowestScore = 1000;
inline constexpr int highestScore = 999999;

} // namespace throughline
