// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strongids.h"

#include <vector>

namespace throughline {

/// The rows that one worker may change, and the version it last saw of each. A row keeps its slot for the whole run;
/// its position among those that can be chosen changes when others go. Keys lie in one block, so a million of them are
/// some 40 MB. One worker's private value: workers share no row, so they never conflict with each other.
class KeyPool final
{
public:
    /// Returns the slot. The row is the newest: it has the last position.
    size_t add(const RowKey &key, RowVersion version);
    /// A row that is not offered, but was touched: nobody knows whether it is there.
    void noteTouched(const RowKey &key);

    /// How many rows can be chosen.
    [[nodiscard]] size_t size() const noexcept { return m_order.size(); }
    [[nodiscard]] size_t slotAt(size_t position) const noexcept { return m_order[position]; }

    [[nodiscard]] RowKey key(size_t slot) const;
    [[nodiscard]] RowVersion version(size_t slot) const noexcept { return {m_entries[slot].version}; }
    void setVersion(size_t slot, RowVersion version) noexcept { m_entries[slot].version = version.number; }
    /// An answer for it is outstanding.
    [[nodiscard]] bool isBusy(size_t slot) const noexcept { return m_entries[slot].busy; }
    void setBusy(size_t slot, bool busy) noexcept { m_entries[slot].busy = busy; }
    void markTouched(size_t slot) noexcept { m_entries[slot].touched = true; }
    [[nodiscard]] bool isTouched(size_t slot) const noexcept { return m_entries[slot].touched; }
    [[nodiscard]] bool isOffered(size_t slot) const noexcept { return m_entries[slot].offered; }
    /// The row is gone: it is not offered again. The newest row moves into its position.
    void remove(size_t slot);

    [[nodiscard]] qint64 touchedCount() const noexcept;
    /// Adds the keys of all that was touched, rows that are gone among them.
    void appendTouched(std::vector<RowKey> &keys) const;

private:
    struct Entry
    {
        qint64 version;
        quint32 offset;
        quint32 position; ///< in m_order
        quint16 length;
        bool touched;
        bool busy;
        bool offered;
    };
    QByteArray m_text;
    std::vector<Entry> m_entries;
    std::vector<quint32> m_order; ///< slots
};

} // namespace throughline
