// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/tableindex.h"
#include "ui/models/keyorder.h"

#include <optional>
#include <vector>

namespace throughline {

/// Which row of the grid belongs to which page. Pages start with the even sizes of a TableIndex and drift apart as
/// rows come and go, so first rows are prefix sums (a Fenwick tree: 10 million rows are 50,000 pages).
class PageIndex final
{
public:
    PageIndex() = default;
    PageIndex(std::vector<RowKey> firstKeys, int pageSize, qint64 rowCount);

    [[nodiscard]] int pageCount() const noexcept { return static_cast<int>(m_firstKeys.size()); }
    [[nodiscard]] int rowCount() const noexcept { return m_rowCount; }
    [[nodiscard]] int size(int page) const { return m_sizes.at(static_cast<size_t>(page)); }
    [[nodiscard]] int firstRow(int page) const;
    /// The page of a row in [0, rowCount()).
    [[nodiscard]] int pageOf(int row) const;
    [[nodiscard]] const RowKey &firstKey(int page) const { return m_firstKeys.at(static_cast<size_t>(page)); }
    [[nodiscard]] PageRequest request(int page) const;
    /// The page that this request is still true for; none when it was split or replaced since.
    [[nodiscard]] std::optional<int> pageOfRequest(const PageRequest &request) const;
    /// The page that a key would stand on; page 0 for keys before the first. None when there is no page.
    [[nodiscard]] std::optional<int> pageOfKey(const RowKey &key, const KeyOrder &order) const;
    [[nodiscard]] bool isOrdered(const KeyOrder &order) const { return order.isOrdered(m_firstKeys); }

    void resize(int page, int size);
    void setFirstKey(int page, const RowKey &key) { m_firstKeys.at(static_cast<size_t>(page)) = key; }
    void append(const RowKey &firstKey, int size);
    /// Cuts a page into pieces of `pieceSize` rows; `furtherKeys` are the first keys of all pieces but the first.
    void split(int page, int pieceSize, const std::vector<RowKey> &furtherKeys);

private:
    void rebuild();

    std::vector<RowKey> m_firstKeys;
    std::vector<int> m_sizes;
    std::vector<int> m_tree; ///< m_tree[i]: rows of the pages (i - lowbit(i), i]
    int m_rowCount = 0;
};

} // namespace throughline
