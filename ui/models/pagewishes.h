// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

namespace throughline {

/// Which pages to ask for next: those the view looks at, the newest first, then one more in the direction of
/// scrolling. Asks for nothing twice.
class PageWishes final
{
public:
    /// The pages that the view shows now.
    void setVisible(int first, int last);
    [[nodiscard]] bool isVisible(int page) const noexcept { return page >= m_firstVisible && page <= m_lastVisible; }
    /// The view looked at a page that is not loaded.
    void wish(int page);
    /// A page that was asked for has come.
    void arrived(int page) { std::erase(m_asked, page); }
    /// What was asked for may have got lost: ask again.
    void forgetAsked() { m_asked.clear(); }
    /// Other pages have these numbers now.
    void clear();
    /// The pages to read now; empty when all of them were asked for last time and are on their way.
    [[nodiscard]] std::vector<int> take(int pageCount, const std::function<bool(int)> &missing);

private:
    [[nodiscard]] int prefetched() const;

    std::vector<int> m_wishes; ///< the newest first
    std::vector<int> m_asked;
    int m_firstVisible = 0;
    int m_lastVisible = -1; ///< less than m_firstVisible: no view has told yet
    int m_direction = 1;
};

} // namespace throughline
