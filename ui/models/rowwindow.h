// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/tableindex.h"
#include "ui/models/keyorder.h"
#include "ui/models/pagecache.h"
#include "ui/models/pageindex.h"

#include <functional>
#include <optional>
#include <vector>

namespace throughline {

/// A table of any length with only the pages that are looked at in memory: PageIndex and PageCache kept in step.
class RowWindow final
{
public:
    RowWindow(KeyOrder order, int maxPages)
        : m_order(order)
        , m_maxPages(maxPages)
        , m_cache(maxPages)
    {
    }

    [[nodiscard]] const PageIndex &index() const noexcept { return m_index; }
    [[nodiscard]] const PageCache &cache() const noexcept { return m_cache; }
    [[nodiscard]] int rowCount() const noexcept { return m_index.rowCount(); }
    /// Null while its page is not loaded.
    [[nodiscard]] const Row *rowAt(int row) const;
    [[nodiscard]] const Row *find(const RowKey &key) const;
    /// Of a loaded row.
    [[nodiscard]] std::optional<int> rowOf(const RowKey &key) const;
    /// The page is not loaded, or should be read again.
    [[nodiscard]] bool isMissing(int page) const { return !m_cache.contains(page) || m_cache.isStale(page); }
    [[nodiscard]] bool isComplete() const noexcept { return m_complete; }
    /// Keys can be compared, so that the place of a key is known without its page.
    [[nodiscard]] bool isOrdered() const noexcept { return m_ordered; }
    /// Where a new row belongs; offsets on a page that is not loaded are its end. None when that cannot be known.
    [[nodiscard]] std::optional<RowPlace> placeFor(const RowKey &key) const;
    [[nodiscard]] std::optional<int> pageOfKey(const RowKey &key) const;

    void reset(const TableIndex &index);
    /// This window over a new index of the same rows: pages of which every row is known stay, marked stale.
    [[nodiscard]] RowWindow renewed(const TableIndex &index) const;
    /// Where a row of this window stands in its renewed one; -1 when it is gone, a guess when it cannot be known.
    [[nodiscard]] int rowInRenewed(int row, const RowWindow &renewed) const;

    void store(int page, std::vector<Row> rows); ///< as many as size(page)
    /// Every loaded row may be shown but should be read again.
    void markStale();
    void replace(const RowPlace &place, const Row &row) { m_cache.replace(place, row); }
    void insert(int page, int offset, const std::vector<Row> &rows);
    void erase(int page, int offset, int count);
    void resizeBlank(int page, int size) { m_index.resize(page, size); }
    /// Blank rows behind the last one, while a view is being told of another length; negative to take them back.
    void padEnd(int rows);
    void appendPage(const RowKey &firstKey) { m_index.append(firstKey, 0); }
    void lowerFirstKey(const RowKey &key) { m_index.setFirstKey(0, key); }
    /// Cuts a loaded page that has grown to more than twice its size. True when pages have other numbers now.
    bool splitIfLarge(int page);
    void evict(const std::function<bool(int)> &pinned) { m_cache.evict(pinned); }
    void touch(int page) const { m_cache.touch(page); }

private:
    void keepKnownPages(const RowWindow &old);
    [[nodiscard]] std::vector<Row> knownRows(const RowKey &from, const std::optional<RowKey> &before) const;
    [[nodiscard]] bool isKnown(const RowKey &from, const std::optional<RowKey> &before) const;

    KeyOrder m_order;
    int m_maxPages;
    PageIndex m_index;
    PageCache m_cache;
    int m_pageSize = 200;
    bool m_ordered = true;
    bool m_complete = false;
};

} // namespace throughline
