// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "stores/postgres/outboxstore.h"

#include <utility>
#include <vector>

namespace throughline {

/// One outbox row whose push has to be remembered: until Redis cannot lose it any more, or until it succeeds at all.
struct RetainedPush
{
    qint64 seq = 0;              ///< of a claimed row; 0 for one that our own statement made
    OpId op;                     ///< of our own statement
    RowVersion lowest;           ///< below the row's seq
    QByteArray label;            ///< of the mapping
    std::vector<OutboxKey> keys; ///< empty: the whole table was dropped from the cache instead
    bool pushed = false;         ///< every key of it, over the connection below
    Instant pushedAt{};
    quint64 connection = 0;
};

/// What was pushed and not yet confirmed. A push counts as safe when it is `retention` old and the connection that
/// carried it still stands: Redis loses no more than its last seconds, and not without breaking connections
/// (PROTOCOL.md, E6 and D4). Pure; belongs to one thread.
class RetentionList final
{
public:
    explicit RetentionList(milliseconds retention);

    void add(RetainedPush push);
    /// Removes and returns what may be confirmed now.
    [[nodiscard]] std::vector<RetainedPush> takeSafe(Instant now, quint64 connection);
    /// Removes and returns what has to be pushed (again): it never was, or over another connection.
    [[nodiscard]] std::vector<RetainedPush> takeUnpushed(quint64 connection);
    [[nodiscard]] std::vector<RetainedPush> takeAll() { return std::exchange(m_pushes, {}); }
    /// Forgets all: the outbox rows belong to somebody else by now.
    void clear() { m_pushes.clear(); }

    [[nodiscard]] bool hasUnpushed(quint64 connection) const;
    [[nodiscard]] bool empty() const noexcept { return m_pushes.empty(); }
    [[nodiscard]] size_t size() const noexcept { return m_pushes.size(); }

private:
    [[nodiscard]] bool isSafe(const RetainedPush &push, Instant now, quint64 connection) const;

    milliseconds m_retention;
    std::vector<RetainedPush> m_pushes;
};

} // namespace throughline
