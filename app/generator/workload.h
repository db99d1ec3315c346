// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/mapping.h"
#include "generator/keypool.h"
#include "generator/loadsettings.h"

#include <optional>
#include <random>

namespace throughline {

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
