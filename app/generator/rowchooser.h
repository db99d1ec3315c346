// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/loadsettings.h"
#include "generator/zipf.h"

#include <random>

namespace throughline {

/// Chooses positions among the rows of one worker. Rows that are wanted often are scattered over the keys, so that they
/// do not share pages of the table; each worker has its own most wanted ones, because workers share no rows. Pure: the
/// same draws and sizes give the same positions.
class RowChooser final
{
public:
    explicit RowChooser(const RowChoice &choice);

    /// A position below `size`, which must not be 0. The last position is the newest row.
    [[nodiscard]] size_t next(size_t size, std::mt19937_64 &random);

private:
    void fit(size_t size);
    [[nodiscard]] size_t rank(std::mt19937_64 &random) const;
    [[nodiscard]] size_t hotOrCold(std::mt19937_64 &random) const;

    RowChoice m_choice;
    Zipf m_zipf;
    size_t m_domain = 0; ///< the rows that ranks are dealt to; follows the size when that has changed by a tenth
    size_t m_cursor = 0;
};

} // namespace throughline
