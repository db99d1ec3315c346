// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"

#include <QFontMetrics>

#include <vector>

namespace throughline {

/// The widths that the grid's columns start with, in pixels: by type, in widths of a "0", because that is what differs
/// between fonts.
class ColumnWidths final
{
public:
    static constexpr int padding = 16; ///< of a cell, left and right together

    ColumnWidths(const Mapping &mapping, double zeroWidth);
    ColumnWidths(const Mapping &mapping, const QFontMetrics &metrics);

    [[nodiscard]] const std::vector<int> &natural() const noexcept { return m_widths; }
    /// Room to spare goes to the texts: 60 % to the widest of them, 40 % to the first.
    [[nodiscard]] std::vector<int> filling(int available) const;

private:
    std::vector<int> m_widths;
    std::vector<size_t> m_texts; ///< columns that may grow
};

} // namespace throughline
