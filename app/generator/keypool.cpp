// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/keypool.h"

#include <algorithm>

namespace throughline {

size_t KeyPool::add(const RowKey &key, RowVersion version)
{
    const size_t slot = m_entries.size();
    m_entries.push_back({version.number, static_cast<quint32>(m_text.size()), static_cast<quint32>(m_order.size()),
                         static_cast<quint16>(key.text.size()), false, false, true});
    m_order.push_back(static_cast<quint32>(slot));
    m_text += key.text;
    return slot;
}

void KeyPool::noteTouched(const RowKey &key)
{
    const size_t slot = add(key, {});
    markTouched(slot);
    remove(slot);
}

RowKey KeyPool::key(size_t slot) const
{
    const Entry &entry = m_entries[slot];
    return {m_text.mid(entry.offset, entry.length)};
}

void KeyPool::remove(size_t slot)
{
    Entry &entry = m_entries[slot];
    if (!entry.offered)
        return;
    const quint32 newest = m_order.back();
    m_order[entry.position] = newest;
    m_entries[newest].position = entry.position;
    m_order.pop_back();
    entry.offered = false;
}

qint64 KeyPool::touchedCount() const noexcept
{
    return std::ranges::count(m_entries, true, &Entry::touched);
}

void KeyPool::appendTouched(std::vector<RowKey> &keys) const
{
    for (size_t slot = 0; slot < m_entries.size(); ++slot) {
        if (isTouched(slot))
            keys.push_back(key(slot));
    }
}

} // namespace throughline
