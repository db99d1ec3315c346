// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/rowwindow.h"

#include <algorithm>
#include <utility>

namespace throughline {

const Row *RowWindow::rowAt(int row) const
{
    const int page = m_index.pageOf(row);
    const auto *rows = m_cache.find(page);
    const auto offset = static_cast<size_t>(row - m_index.firstRow(page));
    return rows && offset < rows->size() ? &(*rows)[offset] : nullptr;
}

const Row *RowWindow::find(const RowKey &key) const
{
    const auto place = m_cache.locate(key);
    return place ? &m_cache.row(*place) : nullptr;
}

std::optional<int> RowWindow::rowOf(const RowKey &key) const
{
    const auto place = m_cache.locate(key);
    if (!place)
        return std::nullopt;
    return m_index.firstRow(place->page) + place->offset;
}

std::optional<int> RowWindow::pageOfKey(const RowKey &key) const
{
    return m_ordered ? m_index.pageOfKey(key, m_order) : std::nullopt;
}

std::optional<RowPlace> RowWindow::placeFor(const RowKey &key) const
{
    const auto page = pageOfKey(key);
    if (!page)
        return std::nullopt;
    const auto *rows = m_cache.find(*page);
    if (!rows)
        return RowPlace{*page, m_index.size(*page)};
    const auto less = [this](const RowKey &a, const RowKey &b) { return m_order.less(a, b); };
    const auto after = std::ranges::lower_bound(*rows, key, less, &Row::key);
    return RowPlace{*page, static_cast<int>(after - rows->begin())};
}

void RowWindow::reset(const TableIndex &index)
{
    m_cache = PageCache(m_maxPages);
    m_complete = index.complete;
    m_pageSize = std::max(1, index.pageSize);
    // Of an incomplete index only the first page is known to be there.
    const auto rows = static_cast<qint64>(index.firstPage.size());
    std::vector<RowKey> firstKeys = index.firstKeys;
    if (firstKeys.empty() && rows > 0)
        firstKeys.push_back(index.firstPage.front().key);
    m_index = PageIndex(std::move(firstKeys), m_pageSize, index.complete ? index.rowCount : rows);
    m_ordered = m_index.isOrdered(m_order);
    if (m_index.pageCount() > 0 && !index.firstPage.empty())
        store(0, index.firstPage);
}

RowWindow RowWindow::renewed(const TableIndex &index) const
{
    RowWindow window(m_order, m_maxPages);
    TableIndex bare = index;
    bare.firstPage.clear();
    window.reset(bare);
    if (m_ordered && window.m_ordered && m_complete)
        window.keepKnownPages(*this);
    // What the first page shows stays in place until its rows are merged into it.
    if (window.m_index.pageCount() > 0 && !window.m_cache.contains(0) && !index.firstPage.empty())
        window.store(0, index.firstPage);
    return window;
}

void RowWindow::keepKnownPages(const RowWindow &old)
{
    // Only the pages around what was loaded can be covered by it.
    std::vector<int> candidates;
    const auto isCandidate = [&](int page) { return !candidates.empty() && candidates.back() == page; };
    for (const int page : old.m_cache.pages()) {
        for (const auto &row : *old.m_cache.find(page)) {
            if (const auto covered = pageOfKey(row.key); covered && !isCandidate(*covered))
                candidates.push_back(*covered);
        }
    }
    for (const int page : candidates) {
        const auto request = m_index.request(page);
        if (!old.isKnown(request.from, request.before))
            continue;
        store(page, old.knownRows(request.from, request.before));
        m_cache.markStale(page);
    }
}

int RowWindow::rowInRenewed(int row, const RowWindow &renewed) const
{
    const int sameRow = std::min(row, renewed.rowCount() - 1);
    const auto *known = rowAt(row);
    if (!known || !renewed.m_ordered)
        return sameRow;
    if (const auto found = renewed.rowOf(known->key))
        return *found;
    const auto page = renewed.pageOfKey(known->key);
    if (!page)
        return sameRow;
    if (renewed.m_cache.contains(*page))
        return -1;
    // The first key of the page is often among the known rows: then the distance to it is known as well.
    const auto start = rowOf(renewed.m_index.firstKey(*page));
    const int first = renewed.m_index.firstRow(*page);
    const int guess = start ? first + row - *start : row;
    return std::clamp(guess, first, first + renewed.m_index.size(*page) - 1);
}

void RowWindow::store(int page, std::vector<Row> rows)
{
    m_index.resize(page, static_cast<int>(rows.size()));
    m_cache.store(page, std::move(rows));
}

void RowWindow::insert(int page, int offset, const std::vector<Row> &rows)
{
    m_index.resize(page, m_index.size(page) + static_cast<int>(rows.size()));
    m_cache.insert(page, offset, rows);
}

void RowWindow::erase(int page, int offset, int count)
{
    m_index.resize(page, m_index.size(page) - count);
    m_cache.erase(page, offset, count);
}

void RowWindow::padEnd(int rows)
{
    if (m_index.pageCount() == 0)
        m_index.append(RowKey{}, 0);
    const int last = m_index.pageCount() - 1;
    m_index.resize(last, m_index.size(last) + rows);
}

void RowWindow::markStale()
{
    for (const int page : m_cache.pages())
        m_cache.markStale(page);
}

bool RowWindow::splitIfLarge(int page)
{
    const auto *rows = m_cache.find(page);
    if (!rows || static_cast<int>(rows->size()) <= 2 * m_pageSize)
        return false;
    const auto all = *rows;
    const bool stale = m_cache.isStale(page);
    std::vector<std::vector<Row>> pieces;
    std::vector<RowKey> furtherKeys;
    for (auto from = all.begin(); from != all.end();) {
        const auto to = from + std::min<qsizetype>(m_pageSize, all.end() - from);
        if (from != all.begin())
            furtherKeys.push_back(from->key);
        pieces.emplace_back(from, to);
        from = to;
    }
    m_cache.drop(page);
    m_cache.renumber(page + 1, static_cast<int>(furtherKeys.size()));
    m_index.split(page, m_pageSize, furtherKeys);
    for (auto &piece : pieces) {
        m_cache.store(page, std::move(piece));
        if (stale)
            m_cache.markStale(page);
        ++page;
    }
    return true;
}

std::vector<Row> RowWindow::knownRows(const RowKey &from, const std::optional<RowKey> &before) const
{
    std::vector<Row> rows;
    const int first = m_index.pageOfKey(from, m_order).value_or(0);
    for (int page = first; page < m_index.pageCount() && m_cache.contains(page); ++page) {
        for (const auto &row : *m_cache.find(page)) {
            if (before && !m_order.less(row.key, *before))
                return rows;
            if (!m_order.less(row.key, from))
                rows.push_back(row);
        }
    }
    return rows;
}

bool RowWindow::isKnown(const RowKey &from, const std::optional<RowKey> &before) const
{
    // Rows in front of our first page, or behind what we took for the end, were never read.
    if (m_index.pageCount() == 0 || m_order.less(from, m_index.firstKey(0)))
        return false;
    for (int page = *m_index.pageOfKey(from, m_order); page < m_index.pageCount(); ++page) {
        if (!m_cache.contains(page))
            return false;
        if (before && page + 1 < m_index.pageCount() && !m_order.less(m_index.firstKey(page + 1), *before))
            return true;
    }
    return true;
}

} // namespace throughline
