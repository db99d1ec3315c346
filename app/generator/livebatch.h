// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/row.h"

#include <QHash>

#include <vector>

namespace throughline {

/// The rows that were changed since somebody last looked, each in its newest state, and no more than a view can show:
/// the rest is only said to be there. A value.
class LiveBatch final
{
public:
    explicit LiveBatch(qsizetype most)
        : m_most(most)
    {
    }

    void add(Row row)
    {
        const auto known = m_rows.find(row.key);
        if (known == m_rows.end() && m_rows.size() >= m_most)
            m_skipped = true;
        else if (known == m_rows.end())
            m_rows.insert(row.key, std::move(row));
        else if (known->version < row.version)
            *known = std::move(row);
    }
    void skip() noexcept { m_skipped = true; }

    [[nodiscard]] bool skipped() const noexcept { return m_skipped; }
    [[nodiscard]] std::vector<Row> take()
    {
        std::vector<Row> rows(m_rows.cbegin(), m_rows.cend());
        m_rows.clear();
        m_skipped = false;
        return rows;
    }

private:
    qsizetype m_most;
    QHash<RowKey, Row> m_rows;
    bool m_skipped = false;
};

} // namespace throughline
