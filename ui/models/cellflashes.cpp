// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/cellflashes.h"

#include <cmath>

namespace throughline {

std::vector<CellId> CellFlashes::start(const std::vector<CellId> &cells, Instant now)
{
    if (cells.empty())
        return {};
    m_changes.emplace_back(now, static_cast<int>(cells.size()));
    m_changeCount += m_changes.back().second;
    if (changesPerSecond(now) > mostPerSecond)
        return {};
    for (const auto &cell : cells)
        m_started.insert(cell, now);
    return cells;
}

double CellFlashes::strength(const CellId &cell, Instant now) const
{
    const auto started = m_started.constFind(cell);
    if (started == m_started.constEnd())
        return 0.0;
    const auto past = std::chrono::duration<double>(now - *started) / std::chrono::duration<double>(duration);
    return past >= 1.0 ? 0.0 : 1.0 - std::floor(past * steps) / steps;
}

std::vector<CellId> CellFlashes::advance(Instant now)
{
    std::vector<CellId> cells;
    for (auto flash = m_started.begin(); flash != m_started.end();) {
        cells.push_back(flash.key());
        flash = now - *flash >= duration ? m_started.erase(flash) : std::next(flash);
    }
    return cells;
}

int CellFlashes::changesPerSecond(Instant now)
{
    while (!m_changes.empty() && now - m_changes.front().first >= std::chrono::seconds(1)) {
        m_changeCount -= m_changes.front().second;
        m_changes.pop_front();
    }
    return m_changeCount;
}

std::optional<int> CellFlashes::newsOfRate(Instant now)
{
    const int changes = changesPerSecond(now);
    const int rate = changes > mostPerSecond ? changes : 0;
    const bool tooSoon = rate > 0 && m_toldRate > 0 && now - m_toldAt < std::chrono::seconds(1);
    if (rate == m_toldRate || tooSoon)
        return std::nullopt;
    m_toldRate = rate;
    m_toldAt = now;
    return rate;
}

std::optional<Instant> CellFlashes::nextDue(Instant now) const
{
    if (!m_started.isEmpty())
        return now + duration / steps;
    if (!m_changes.empty())
        return m_changes.back().first + std::chrono::seconds(1);
    return std::nullopt;
}

} // namespace throughline
