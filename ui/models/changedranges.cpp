// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/changedranges.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace throughline {

namespace {

using Range = ChangedRanges::Range;

/// One row's runs that touch or overlap become one.
std::vector<Range> joinedColumns(std::vector<Range> runs)
{
    std::ranges::sort(runs, {}, [](const Range &run) { return std::pair(run.firstRow, run.firstColumn); });
    std::vector<Range> joined;
    for (const auto &run : runs) {
        if (!joined.empty() && joined.back().firstRow == run.firstRow &&
            run.firstColumn <= joined.back().lastColumn + 1)
            joined.back().lastColumn = std::max(joined.back().lastColumn, run.lastColumn);
        else
            joined.push_back(run);
    }
    return joined;
}

} // namespace

void ChangedRanges::exclude(int row, int column)
{
    std::vector<Range> kept;
    for (const auto &run : m_runs) {
        if (run.firstRow != row || column < run.firstColumn || column > run.lastColumn) {
            kept.push_back(run);
            continue;
        }
        if (run.firstColumn < column)
            kept.push_back({row, row, run.firstColumn, column - 1});
        if (run.lastColumn > column)
            kept.push_back({row, row, column + 1, run.lastColumn});
    }
    m_runs = std::move(kept);
}

std::vector<ChangedRanges::Range> ChangedRanges::ranges() const
{
    auto runs = joinedColumns(m_runs);
    // Runs over the same columns lie together then, and those of neighbouring rows grow into one.
    std::ranges::sort(runs, {},
                      [](const Range &run) { return std::tuple(run.firstColumn, run.lastColumn, run.firstRow); });
    std::vector<Range> ranges;
    for (const auto &run : runs) {
        const bool continues = !ranges.empty() && ranges.back().firstColumn == run.firstColumn &&
                               ranges.back().lastColumn == run.lastColumn && ranges.back().lastRow + 1 == run.firstRow;
        if (continues)
            ranges.back().lastRow = run.lastRow;
        else
            ranges.push_back(run);
    }
    return ranges;
}

} // namespace throughline
