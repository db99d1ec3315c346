// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace throughline {

/// Cells that changed, as the fewest rectangles in which a view can be told of them.
class ChangedRanges final
{
public:
    struct Range
    {
        int firstRow = 0;
        int lastRow = 0;
        int firstColumn = 0;
        int lastColumn = 0;

        friend bool operator==(const Range &, const Range &) = default;
    };

    void add(int row, int firstColumn, int lastColumn) { m_runs.push_back({row, row, firstColumn, lastColumn}); }
    /// Cuts one cell out of what was added so far.
    void exclude(int row, int column);
    [[nodiscard]] std::vector<Range> ranges() const;

private:
    std::vector<Range> m_runs; ///< of one row each
};

} // namespace throughline
