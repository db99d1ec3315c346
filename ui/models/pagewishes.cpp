// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/pagewishes.h"

#include <algorithm>

namespace throughline {

namespace {

/// More pages than any view shows; the rest was scrolled past.
constexpr size_t mostWishes = 8;

} // namespace

void PageWishes::setVisible(int first, int last)
{
    if (m_lastVisible < m_firstVisible)
        m_direction = 1;
    else if (first != m_firstVisible)
        m_direction = first > m_firstVisible ? 1 : -1;
    m_firstVisible = first;
    m_lastVisible = last;
}

void PageWishes::wish(int page)
{
    if (!m_wishes.empty() && m_wishes.front() == page)
        return;
    if (!m_wishes.empty() && m_lastVisible < m_firstVisible)
        m_direction = page > m_wishes.front() ? 1 : -1;
    std::erase(m_wishes, page);
    m_wishes.insert(m_wishes.begin(), page);
    if (m_wishes.size() > mostWishes)
        m_wishes.pop_back();
}

void PageWishes::clear()
{
    m_wishes.clear();
    m_asked.clear();
}

std::vector<int> PageWishes::take(int pageCount, const std::function<bool(int)> &missing)
{
    const bool viewKnown = m_lastVisible >= m_firstVisible;
    std::vector<int> pages;
    const auto add = [&](int page) {
        if (page >= 0 && page < pageCount && missing(page) && std::ranges::find(pages, page) == pages.end())
            pages.push_back(page);
    };
    for (const int page : m_wishes) {
        if (!viewKnown || isVisible(page))
            add(page);
    }
    for (int page = m_firstVisible; page <= m_lastVisible; ++page)
        add(page);
    add(prefetched());
    std::erase_if(m_wishes, [&](int page) { return std::ranges::find(pages, page) == pages.end(); });
    const auto onItsWay = [this](int page) { return std::ranges::find(m_asked, page) != m_asked.end(); };
    if (std::ranges::all_of(pages, onItsWay))
        return {};
    m_asked = pages;
    return pages;
}

int PageWishes::prefetched() const
{
    if (m_lastVisible >= m_firstVisible)
        return m_direction > 0 ? m_lastVisible + 1 : m_firstVisible - 1;
    return m_wishes.empty() ? -1 : m_wishes.front() + m_direction;
}

} // namespace throughline
