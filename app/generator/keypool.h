// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strongids.h"

#include <vector>

namespace throughline {

/// Which rows a worker may update, and the version it last saw of each. Keys lie in one block, so a million of them
/// are some 20 MB. One worker's private value: workers share no row, so they never conflict with each other.
class KeyPool final
{
public:
    void add(const RowKey &key, RowVersion version);
    [[nodiscard]] size_t size() const noexcept { return m_entries.size(); }
    [[nodiscard]] RowKey key(size_t index) const;
    [[nodiscard]] RowVersion version(size_t index) const noexcept { return {m_entries[index].version}; }
    void setVersion(size_t index, RowVersion version) noexcept { m_entries[index].version = version.number; }
    void markTouched(size_t index) noexcept { m_entries[index].touched = true; }
    [[nodiscard]] bool isTouched(size_t index) const noexcept { return m_entries[index].touched; }
    /// The row is gone: it is not offered again. Moves the last entry into its place.
    void remove(size_t index);

private:
    struct Entry
    {
        qint64 version;
        quint32 offset;
        quint16 length;
        bool touched;
    };
    QByteArray m_text;
    std::vector<Entry> m_entries;
};

} // namespace throughline
