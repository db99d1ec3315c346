// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/keypool.h"

namespace throughline {

void KeyPool::add(const RowKey &key, RowVersion version)
{
    m_entries.push_back(
        {version.number, static_cast<quint32>(m_text.size()), static_cast<quint16>(key.text.size()), false});
    m_text += key.text;
}

RowKey KeyPool::key(size_t index) const
{
    const Entry &entry = m_entries[index];
    return {m_text.mid(entry.offset, entry.length)};
}

void KeyPool::remove(size_t index)
{
    m_entries[index] = m_entries.back();
    m_entries.pop_back();
}

} // namespace throughline
