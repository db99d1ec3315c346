// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/mapping.h"
#include "stores/postgres/pgconnection.h"

#include <optional>

namespace throughline {

/// The sequence that gives new rows of a table their keys. Rows that bring their own key leave it behind, until it
/// gives a key that is taken. Belongs to the thread of its connection.
class KeySequence final
{
public:
    KeySequence(PgConnection &connection, const Mapping &mapping);

    /// Raises the sequence to this key, and never lowers it. Does nothing for a table without one, for a role that may
    /// not, and for a key at the sequence's end, which would leave none for anybody.
    [[nodiscard]] Result<void> raiseTo(const RowKey &key, Instant deadline);

    /// The sequence has given this key.
    void reached(const RowKey &key);

private:
    [[nodiscard]] Result<void> find(Instant deadline);
    [[nodiscard]] Result<void> look(Instant deadline);
    [[nodiscard]] Result<void> raise(qint64 key, Instant deadline);

    PgConnection &m_connection;
    QByteArray m_table;     ///< quoted
    QByteArray m_keyColumn; ///< as it is
    bool m_isInteger;
    std::optional<QByteArray> m_name; ///< quoted; empty when there is none
    qint64 m_highest = 0;             ///< that it can give
    qint64 m_reached = 0;             ///< it is at least here; sequences only rise
};

} // namespace throughline
