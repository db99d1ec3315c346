// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/pagecache.h"

#include <algorithm>
#include <utility>

namespace throughline {

std::vector<int> PageCache::pages() const
{
    std::vector<int> pages(m_pages.keyBegin(), m_pages.keyEnd());
    std::ranges::sort(pages);
    return pages;
}

const std::vector<Row> *PageCache::find(int page) const
{
    const auto found = m_pages.constFind(page);
    return found == m_pages.constEnd() ? nullptr : &found->rows;
}

std::optional<RowPlace> PageCache::locate(const RowKey &key) const
{
    const auto found = m_places.constFind(key);
    return found == m_places.constEnd() ? std::nullopt : std::optional(*found);
}

const Row &PageCache::row(const RowPlace &place) const
{
    return find(place.page)->at(static_cast<size_t>(place.offset));
}

bool PageCache::isStale(int page) const
{
    const auto found = m_pages.constFind(page);
    return found != m_pages.constEnd() && found->stale;
}

void PageCache::touch(int page) const
{
    if (const auto found = m_pages.constFind(page); found != m_pages.constEnd())
        found->lastLook = ++m_looks;
}

void PageCache::store(int page, std::vector<Row> rows)
{
    drop(page);
    m_pages.insert(page, Page{std::move(rows), ++m_looks, false});
    place(page, 0);
}

void PageCache::markStale(int page)
{
    if (const auto found = m_pages.find(page); found != m_pages.end())
        found->stale = true;
}

void PageCache::replace(const RowPlace &place, const Row &row)
{
    m_pages[place.page].rows.at(static_cast<size_t>(place.offset)) = row;
}

void PageCache::insert(int page, int offset, const std::vector<Row> &rows)
{
    auto &shown = m_pages[page].rows;
    shown.insert(shown.begin() + offset, rows.begin(), rows.end());
    place(page, static_cast<size_t>(offset));
}

void PageCache::erase(int page, int offset, int count)
{
    auto &shown = m_pages[page].rows;
    const auto first = shown.begin() + offset;
    for (auto row = first; row != first + count; ++row)
        m_places.remove(row->key);
    shown.erase(first, first + count);
    place(page, static_cast<size_t>(offset));
}

void PageCache::renumber(int firstPage, int by)
{
    QHash<int, Page> pages;
    for (auto page = m_pages.begin(); page != m_pages.end(); ++page)
        pages.insert(page.key() >= firstPage ? page.key() + by : page.key(), std::move(*page));
    m_pages = std::move(pages);
    for (auto &place : m_places) {
        if (place.page >= firstPage)
            place.page += by;
    }
}

void PageCache::evict(const std::function<bool(int)> &pinned)
{
    if (pageCount() <= m_limit)
        return;
    std::vector<std::pair<quint64, int>> candidates;
    for (auto page = m_pages.cbegin(); page != m_pages.cend(); ++page) {
        if (!pinned(page.key()))
            candidates.emplace_back(page->lastLook, page.key());
    }
    std::ranges::sort(candidates);
    for (const auto &[lastLook, page] : candidates) {
        if (pageCount() <= m_limit)
            return;
        drop(page);
    }
}

void PageCache::drop(int page)
{
    const auto found = m_pages.constFind(page);
    if (found == m_pages.constEnd())
        return;
    for (const auto &row : found->rows) {
        // A row may stand on another page by now.
        if (const auto place = m_places.constFind(row.key); place != m_places.constEnd() && place->page == page)
            m_places.erase(place);
    }
    m_pages.erase(found);
}

void PageCache::place(int page, size_t fromOffset)
{
    const auto &rows = *find(page);
    for (size_t offset = fromOffset; offset < rows.size(); ++offset)
        m_places.insert(rows[offset].key, RowPlace{page, static_cast<int>(offset)});
}

} // namespace throughline
