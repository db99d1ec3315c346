// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/mapping.h"
#include "generator/keypool.h"

#include <optional>
#include <random>

namespace throughline {

/// What a run of the generator is asked to do.
struct LoadSettings
{
    double rate = 0;      ///< updates per second, 0 = unlimited
    double durationS = 0; ///< seconds, 0 = until stopped
    qint64 count = 0;     ///< edits, 0 = no limit
    int connections = 1;  ///< 1..64
    int batch = 1;        ///< edits in one statement, as far as they are due: 1..500
    quint64 seed = 1;     ///< same seed, same sequence
};

inline constexpr int lowestScore = 1000;
inline constexpr int highestScore = 999999;

/// The column that gets random numbers: `score`, else the first editable whole number.
[[nodiscard]] std::optional<int> scoreField(const Mapping &mapping);

/// What to write: random scores for random rows, as the original's producer made them. Pure: the same seed and rows
/// give the same sequence.
class Workload final
{
public:
    Workload(quint64 seed, int worker, int scoreField);

    struct Choice
    {
        size_t index = 0; ///< into the pool
        Edit edit;
    };
    /// The pool must not be empty.
    [[nodiscard]] Choice next(const KeyPool &pool);

private:
    std::mt19937_64 m_random;
    int m_field;
};

} // namespace throughline
