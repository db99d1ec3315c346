// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/strongids.h"
#include "domain/outboxsize.h"
#include "stores/postgres/pgconnection.h"

#include <QByteArrayList>

#include <optional>
#include <vector>

namespace throughline {

/// A row of wt_outbox that this node has made its own.
struct OutboxRow
{
    qint64 seq = 0; ///< above the version of every change in it
    QByteArray label;
    std::vector<RowKey> keys;
};

/// A key that the outbox still knows, and the highest number it is known with.
struct OutboxKey
{
    RowKey key;
    RowVersion version;
};

/// The outbox and the verdicts of operations (PROTOCOL.md, sections 4 to 7). Every statement is a transaction of its
/// own. Belongs to the thread of its connection, which has to be a node for what changes rows.
class OutboxStore final
{
public:
    static constexpr int claimSize = 64;
    static constexpr int bulkSize = 20'000;

    OutboxStore(PgConnection &connection, const QString &protocolSchema);

    /// D1a: what foreign SQL has left; some rows, the oldest first; fewer than `claimSize` when these are all.
    [[nodiscard]] Result<std::vector<OutboxRow>> claimForeign(const QByteArrayList &labels, Instant deadline);
    /// D1b: what owners left that have ended, or that have not pushed for `claimAge`.
    [[nodiscard]] Result<std::vector<OutboxRow>> claimOrphaned(const QByteArrayList &labels, milliseconds claimAge,
                                                               Instant deadline);
    /// What of one table nobody pushes, without its keys, at most `bulkSize` rows: for dropping its hashes instead.
    [[nodiscard]] Result<std::vector<OutboxRow>> claimBulk(const QByteArray &label, milliseconds claimAge,
                                                           Instant deadline);
    /// How many keys of one table nobody pushes.
    [[nodiscard]] Result<qint64> claimableKeys(const QByteArray &label, milliseconds claimAge, Instant deadline);
    /// D4: rows that were claimed and whose every key is pushed and safe.
    [[nodiscard]] Result<void> confirmClaimed(const std::vector<qint64> &seqs, milliseconds retention,
                                              Instant deadline);
    /// Only marks them, for a program that does not stay until they are safe: a recovery still finds them.
    [[nodiscard]] Result<void> markClaimed(const std::vector<qint64> &seqs, Instant deadline);
    /// E6: the same for rows that this connection's own statements made; `lowest` is below all of them. An operation
    /// that has left more than its one row, because the change of a row changed others (a foreign key's action), gives
    /// all of them up, so that they are drained.
    [[nodiscard]] Result<void> confirmOwn(const std::vector<OpId> &ops, const QByteArray &label, RowVersion lowest,
                                          milliseconds retention, Instant deadline);
    /// D5: what nobody can ask for any more.
    [[nodiscard]] Result<void> forget(milliseconds journalKeep, Instant deadline);

    /// U3: which of these keys an attempt of `op` has changed.
    [[nodiscard]] Result<std::vector<OutboxKey>> committedKeys(const OpId &op, const QByteArray &label,
                                                               RowVersion lowestBase, const std::vector<RowKey> &keys,
                                                               Instant deadline);
    /// S4: writes the verdict `failed` for an operation that has none. True when it stands there; false when the
    /// operation had been applied.
    [[nodiscard]] Result<bool> failOperation(const OpId &op, const QByteArray &label, const RowKey &key,
                                             Instant deadline);
    /// Whether the operation was applied, as far as its verdict row says.
    [[nodiscard]] Result<bool> isApplied(const OpId &op, Instant deadline);

    /// R3: every key that the outbox knows, drained or not; at most `limit`.
    [[nodiscard]] Result<std::vector<OutboxKey>> keys(const QByteArray &label, qint64 limit, Instant deadline);
    /// What waits for a push by anybody.
    [[nodiscard]] Result<OutboxSize> waiting(const QByteArrayList &labels, Instant deadline);
    /// Only how many rows; their keys are not counted, which would mean to unpack each of them.
    [[nodiscard]] Result<qint64> waitingRows(const QByteArrayList &labels, Instant deadline);

    /// PostgreSQL's clock in us since 1970.
    [[nodiscard]] Result<qint64> clock(Instant deadline);
    /// No push later than this has left the outbox, in us since 1970; none while nothing has.
    [[nodiscard]] Result<std::optional<qint64>> purgedUntil(Instant deadline);
    /// R1: whether this connection may recover the hashes of the label.
    [[nodiscard]] Result<bool> tryLeadRecovery(const QByteArray &label, Instant deadline);
    [[nodiscard]] Result<void> endRecovery(const QByteArray &label, Instant deadline);

private:
    [[nodiscard]] Result<std::vector<OutboxRow>> claim(const PgStatement &statement, Instant deadline);
    [[nodiscard]] Result<std::vector<OutboxKey>> keysOf(const PgStatement &statement, Instant deadline);
    [[nodiscard]] Result<void> change(const PgStatement &statement, Instant deadline);
    [[nodiscard]] QByteArray me() const;

    PgConnection &m_connection;
    QByteArray m_outbox;
    QByteArray m_staged;
    QByteArray m_purged;
};

} // namespace throughline
