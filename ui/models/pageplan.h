// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/row.h"

#include <functional>
#include <vector>

namespace throughline {

/// How the rows that a page shows become the rows that were read, in steps that a view can follow: the rows that
/// are on both sides stay where they are, so that selection, current cell and an open editor stay on them.
class PagePlan final
{
public:
    struct Step
    {
        enum class Kind { Remove, Insert };
        Kind kind = Kind::Remove;
        int offset = 0;
        int count = 0;

        friend bool operator==(const Step &, const Step &) = default;
    };

    /// Rows that `keep` holds stay although they were not read.
    PagePlan(const std::vector<Row> &shown, std::vector<Row> arrived, const std::function<bool(const RowKey &)> &keep);

    /// To be taken one after the other.
    [[nodiscard]] const std::vector<Step> &steps() const noexcept { return m_steps; }
    /// The page after the last step. Of a row that was shown in a newer version it holds that version.
    [[nodiscard]] const std::vector<Row> &rows() const noexcept { return m_rows; }

private:
    void keepRows(const std::vector<Row> &shown, const std::function<bool(const RowKey &)> &keep);
    void planSteps(const std::vector<Row> &shown);

    std::vector<Row> m_rows;
    std::vector<Step> m_steps;
};

} // namespace throughline
