// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/row.h"

#include <QHash>

#include <functional>
#include <optional>
#include <vector>

namespace throughline {

/// Where a loaded row stands.
struct RowPlace
{
    int page = 0;
    int offset = 0;

    friend bool operator==(const RowPlace &, const RowPlace &) = default;
};

/// The rows of a bounded number of pages; the page that was not looked at for the longest time goes first.
class PageCache final
{
public:
    explicit PageCache(int limit = 64)
        : m_limit(limit)
    {
    }

    [[nodiscard]] int pageCount() const noexcept { return static_cast<int>(m_pages.size()); }
    [[nodiscard]] qsizetype rowCount() const noexcept { return m_places.size(); }
    [[nodiscard]] std::vector<int> pages() const; ///< ascending
    [[nodiscard]] bool contains(int page) const { return m_pages.contains(page); }
    /// The rows of a page, null when it is not here.
    [[nodiscard]] const std::vector<Row> *find(int page) const;
    [[nodiscard]] std::optional<RowPlace> locate(const RowKey &key) const;
    [[nodiscard]] const Row &row(const RowPlace &place) const;
    [[nodiscard]] bool isStale(int page) const;

    /// Marks a page as looked at.
    void touch(int page) const;
    void store(int page, std::vector<Row> rows);
    /// The rows may be shown but should be read again.
    void markStale(int page);
    void replace(const RowPlace &place, const Row &row);
    void insert(int page, int offset, const std::vector<Row> &rows);
    void erase(int page, int offset, int count);
    /// The pages from `firstPage` on have a number higher by `by` now.
    void renumber(int firstPage, int by);
    /// Drops pages beyond the limit, but none that `pinned` holds.
    void evict(const std::function<bool(int)> &pinned);
    void drop(int page);

private:
    struct Page
    {
        std::vector<Row> rows;
        mutable quint64 lastLook = 0;
        bool stale = false;
    };
    void place(int page, size_t fromOffset);

    int m_limit;
    QHash<int, Page> m_pages;
    QHash<RowKey, RowPlace> m_places;
    mutable quint64 m_looks = 0;
};

} // namespace throughline
