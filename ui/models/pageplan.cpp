// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/pageplan.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <utility>

namespace throughline {

namespace {

using Offsets = QHash<RowKey, int>;

Offsets offsetsOf(const std::vector<Row> &rows)
{
    Offsets offsets;
    offsets.reserve(static_cast<qsizetype>(rows.size()));
    for (size_t i = 0; i < rows.size(); ++i)
        offsets.insert(rows[i].key, static_cast<int>(i));
    return offsets;
}

/// The common rows come in the same order on both sides; else no row can be said to have stayed.
bool sameOrder(const std::vector<Row> &shown, const Offsets &after)
{
    int previous = -1;
    for (const auto &row : shown) {
        const int offset = after.value(row.key, -1);
        if (offset < 0)
            continue;
        if (offset <= previous)
            return false;
        previous = offset;
    }
    return true;
}

} // namespace

PagePlan::PagePlan(const std::vector<Row> &shown, std::vector<Row> arrived,
                   const std::function<bool(const RowKey &)> &keep)
    : m_rows(std::move(arrived))
{
    keepRows(shown, keep);
    planSteps(shown);
    const auto before = offsetsOf(shown);
    for (auto &row : m_rows) {
        const int offset = before.value(row.key, -1);
        if (offset >= 0 && shown[static_cast<size_t>(offset)].version > row.version)
            row = shown[static_cast<size_t>(offset)];
    }
}

void PagePlan::keepRows(const std::vector<Row> &shown, const std::function<bool(const RowKey &)> &keep)
{
    auto after = offsetsOf(m_rows);
    int previous = -1;
    for (const auto &row : shown) {
        if (after.contains(row.key)) {
            previous = after.value(row.key);
        } else if (keep(row.key)) {
            m_rows.insert(m_rows.begin() + ++previous, row);
            after = offsetsOf(m_rows);
        }
    }
}

void PagePlan::planSteps(const std::vector<Row> &shown)
{
    const auto before = offsetsOf(shown);
    const auto after = offsetsOf(m_rows);
    const bool stays = sameOrder(shown, after);
    const auto addRuns = [this](Step::Kind kind, const std::vector<Row> &rows, const auto &isSteady) {
        std::vector<Step> runs;
        for (int i = 0; i < static_cast<int>(rows.size()); ++i) {
            if (isSteady(rows[static_cast<size_t>(i)]))
                continue;
            if (!runs.empty() && runs.back().offset + runs.back().count == i)
                ++runs.back().count;
            else
                runs.push_back({kind, i, 1});
        }
        // Removing from the end keeps the offsets before it true; inserting goes in the order of the result.
        if (kind == Step::Kind::Remove)
            std::ranges::reverse(runs);
        m_steps.insert(m_steps.end(), runs.begin(), runs.end());
    };
    addRuns(Step::Kind::Remove, shown, [&](const Row &row) { return stays && after.contains(row.key); });
    addRuns(Step::Kind::Insert, m_rows, [&](const Row &row) { return stays && before.contains(row.key); });
}

} // namespace throughline
