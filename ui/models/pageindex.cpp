// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/pageindex.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

namespace throughline {

namespace {

constexpr size_t lowBit(size_t number)
{
    return number & (~number + 1);
}

} // namespace

PageIndex::PageIndex(std::vector<RowKey> firstKeys, int pageSize, qint64 rowCount)
    : m_firstKeys(std::move(firstKeys))
    , m_sizes(m_firstKeys.size(), pageSize)
{
    if (!m_sizes.empty()) {
        // The count and the keys may have been read at different times: no page starts without a row.
        const qint64 before = static_cast<qint64>(m_sizes.size() - 1) * pageSize;
        const qint64 most = std::numeric_limits<int>::max() - before;
        m_sizes.back() = static_cast<int>(std::clamp<qint64>(rowCount - before, 1, std::max<qint64>(most, 1)));
    }
    rebuild();
}

int PageIndex::firstRow(int page) const
{
    int sum = 0;
    for (auto i = static_cast<size_t>(page); i > 0; i -= lowBit(i))
        sum += m_tree[i];
    return sum;
}

int PageIndex::pageOf(int row) const
{
    size_t position = 0;
    for (size_t step = std::bit_floor(m_sizes.size()); step > 0; step /= 2) {
        if (position + step <= m_sizes.size() && m_tree[position + step] <= row) {
            position += step;
            row -= m_tree[position];
        }
    }
    return static_cast<int>(position);
}

PageRequest PageIndex::request(int page) const
{
    PageRequest request{page, firstKey(page), std::nullopt};
    if (page + 1 < pageCount())
        request.before = firstKey(page + 1);
    return request;
}

std::optional<int> PageIndex::pageOfRequest(const PageRequest &asked) const
{
    int page = asked.page;
    if (page < 0 || page >= pageCount() || firstKey(page) != asked.from) {
        const auto found = std::ranges::find(m_firstKeys, asked.from);
        if (found == m_firstKeys.end())
            return std::nullopt;
        page = static_cast<int>(found - m_firstKeys.begin());
    }
    if (request(page).before != asked.before)
        return std::nullopt;
    return page;
}

std::optional<int> PageIndex::pageOfKey(const RowKey &key, const KeyOrder &order) const
{
    if (m_firstKeys.empty())
        return std::nullopt;
    const auto after =
        std::ranges::upper_bound(m_firstKeys, key, [&](const RowKey &a, const RowKey &b) { return order.less(a, b); });
    return std::max(0, static_cast<int>(after - m_firstKeys.begin()) - 1);
}

void PageIndex::resize(int page, int size)
{
    const int change = size - this->size(page);
    m_sizes[static_cast<size_t>(page)] = size;
    m_rowCount += change;
    for (auto i = static_cast<size_t>(page) + 1; i < m_tree.size(); i += lowBit(i))
        m_tree[i] += change;
}

void PageIndex::append(const RowKey &firstKey, int size)
{
    m_firstKeys.push_back(firstKey);
    m_sizes.push_back(size);
    rebuild();
}

void PageIndex::split(int page, int pieceSize, const std::vector<RowKey> &furtherKeys)
{
    const int last = size(page) - static_cast<int>(furtherKeys.size()) * pieceSize;
    m_firstKeys.insert(m_firstKeys.begin() + page + 1, furtherKeys.begin(), furtherKeys.end());
    m_sizes.insert(m_sizes.begin() + page, furtherKeys.size(), pieceSize);
    m_sizes[static_cast<size_t>(page) + furtherKeys.size()] = last;
    rebuild();
}

void PageIndex::rebuild()
{
    m_tree.assign(m_sizes.size() + 1, 0);
    m_rowCount = 0;
    for (size_t i = 1; i < m_tree.size(); ++i) {
        m_tree[i] += m_sizes[i - 1];
        m_rowCount += m_sizes[i - 1];
        if (const size_t parent = i + lowBit(i); parent < m_tree.size())
            m_tree[parent] += m_tree[i];
    }
}

} // namespace throughline
