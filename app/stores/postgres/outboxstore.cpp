// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/outboxstore.h"

#include "stores/postgres/pgstatements.h"

namespace throughline {

namespace {

const QByteArray claimedRows = QByteArray::number(OutboxStore::claimSize);

/// Numbers of the nodes whose connections live: their advisory locks.
constexpr auto aliveNodes =
    "alive AS MATERIALIZED (SELECT objid::bigint AS n FROM pg_locks WHERE locktype='advisory' AND classid=7461"
    " AND objsubid=2 AND granted AND database=(SELECT oid FROM pg_database WHERE datname=current_database()))";

/// $2 = our node, $3 = claim age in ms.
constexpr auto isOrphaned = " owner IS DISTINCT FROM $2::int AND (at<clock_timestamp()-$3::bigint*interval '1 ms'"
                            " OR NOT EXISTS (SELECT FROM alive WHERE n=owner))";

QByteArray textOf(const OpId &op)
{
    return op.uuid.toByteArray(QUuid::WithoutBraces);
}

QByteArray textOf(milliseconds time)
{
    return QByteArray::number(static_cast<qint64>(time.count()));
}

/// The elements of a text[] as PostgreSQL prints it.
std::vector<RowKey> elementsOf(const QByteArray &literal)
{
    std::vector<RowKey> keys;
    RowKey key;
    bool quoted = false;
    for (qsizetype i = 1; i + 1 < literal.size(); ++i) {
        const char c = literal[i];
        if (c == '\\')
            key.text += literal[++i];
        else if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            keys.push_back(std::exchange(key, {}));
        else
            key.text += c;
    }
    if (literal.size() > 2)
        keys.push_back(key);
    return keys;
}

} // namespace

OutboxStore::OutboxStore(PgConnection &connection, const QString &protocolSchema)
    : m_connection(connection)
    , m_outbox(quotedIdentifier(protocolSchema) + ".wt_outbox")
    , m_staged(quotedIdentifier(protocolSchema) + ".wt_staged")
    , m_purged(quotedIdentifier(protocolSchema) + ".wt_purged")
{
}

QByteArray OutboxStore::me() const
{
    return QByteArray::number(m_connection.node());
}

Result<std::vector<OutboxRow>> OutboxStore::claim(const PgStatement &statement, Instant deadline)
{
    const auto result = m_connection.run(statement, deadline);
    if (!result)
        return Failure(result.error());
    std::vector<OutboxRow> rows;
    for (int i = 0; i < result->rows(); ++i) {
        rows.push_back({result->text(i, 0).toLongLong(), result->text(i, 1), elementsOf(result->text(i, 2))});
    }
    return rows;
}

Result<void> OutboxStore::change(const PgStatement &statement, Instant deadline)
{
    const auto result = m_connection.run(statement, deadline);
    if (!result)
        return Failure(result.error());
    return {};
}

Result<std::vector<OutboxRow>> OutboxStore::claimForeign(const QByteArrayList &labels, Instant deadline)
{
    return claim({"WITH c AS MATERIALIZED (SELECT ctid FROM " + m_outbox +
                      " WHERE owner IS NULL AND tbl=ANY($1::text[]) ORDER BY seq LIMIT " + claimedRows +
                      " FOR UPDATE SKIP LOCKED) UPDATE " + m_outbox +
                      " o SET owner=$2::int,at=clock_timestamp() FROM c WHERE o.ctid=c.ctid"
                      " RETURNING o.seq::text,o.tbl,o.ids::text",
                  {arrayLiteral(labels), me()},
                  Reuse::Often},
                 deadline);
}

Result<std::vector<OutboxRow>> OutboxStore::claimOrphaned(const QByteArrayList &labels, milliseconds claimAge,
                                                          Instant deadline)
{
    return claim({QByteArray("WITH ") + aliveNodes + ",c AS MATERIALIZED (SELECT ctid FROM " + m_outbox +
                      " WHERE owner IS NOT NULL AND drained_at IS NULL AND tbl=ANY($1::text[]) AND" + isOrphaned +
                      " ORDER BY seq LIMIT " + claimedRows + " FOR UPDATE SKIP LOCKED) UPDATE " + m_outbox +
                      " o SET owner=$2::int,at=clock_timestamp() FROM c WHERE o.ctid=c.ctid"
                      " RETURNING o.seq::text,o.tbl,o.ids::text",
                  {arrayLiteral(labels), me(), textOf(claimAge)},
                  Reuse::Often},
                 deadline);
}

Result<std::vector<OutboxRow>> OutboxStore::claimBulk(const QByteArray &label, milliseconds claimAge, Instant deadline)
{
    return claim({QByteArray("WITH ") + aliveNodes + ",c AS MATERIALIZED (SELECT ctid FROM " + m_outbox +
                      " WHERE drained_at IS NULL AND tbl=$1 AND (owner IS NULL OR" + isOrphaned + ") LIMIT " +
                      QByteArray::number(bulkSize) + " FOR UPDATE SKIP LOCKED) UPDATE " + m_outbox +
                      " o SET owner=$2::int,at=clock_timestamp() FROM c WHERE o.ctid=c.ctid"
                      " RETURNING o.seq::text,o.tbl,'{}'",
                  {label, me(), textOf(claimAge)}},
                 deadline);
}

Result<qint64> OutboxStore::claimableKeys(const QByteArray &label, milliseconds claimAge, Instant deadline)
{
    const auto result = m_connection.run(
        {QByteArray("WITH ") + aliveNodes + " SELECT coalesce(sum(cardinality(ids)),0)::text FROM " + m_outbox +
             " WHERE drained_at IS NULL AND tbl=$1 AND (owner IS NULL OR" + isOrphaned + ")",
         {label, me(), textOf(claimAge)}},
        deadline);
    if (!result)
        return Failure(result.error());
    return result->text(0, 0).toLongLong();
}

Result<void> OutboxStore::confirmClaimed(const std::vector<qint64> &seqs, milliseconds retention, Instant deadline)
{
    std::vector<Value> numbers;
    for (const qint64 seq : seqs)
        numbers.emplace_back(QByteArray::number(seq));
    return change({"WITH d AS (DELETE FROM " + m_outbox +
                       " WHERE owner=$1::int AND seq=ANY($2::bigint[]) AND op='U' AND op_id IS NULL),"
                       "u AS (UPDATE " +
                       m_outbox +
                       " SET drained_at=clock_timestamp() WHERE owner=$1::int AND seq=ANY($2::bigint[])"
                       " AND (op='D' OR op_id IS NOT NULL)) UPDATE " +
                       m_purged + " SET at=greatest(at,clock_timestamp()-$3::bigint*interval '0.9 ms')",
                   {me(), arrayLiteral(numbers), textOf(retention)},
                   Reuse::Often},
                  deadline);
}

Result<void> OutboxStore::markClaimed(const std::vector<qint64> &seqs, Instant deadline)
{
    std::vector<Value> numbers;
    for (const qint64 seq : seqs)
        numbers.emplace_back(QByteArray::number(seq));
    return change(
        {"UPDATE " + m_outbox + " SET drained_at=clock_timestamp() WHERE owner=$1::int AND seq=ANY($2::bigint[])",
         {me(), arrayLiteral(numbers)}},
        deadline);
}

Result<void> OutboxStore::confirmOwn(const std::vector<OpId> &ops, const QByteArray &label, RowVersion lowest,
                                     milliseconds retention, Instant deadline)
{
    std::vector<Value> texts;
    for (const OpId &op : ops)
        texts.emplace_back(textOf(op));
    const QByteArray alone = " m WHERE o.ctid=m.ctid AND m.rows=1 AND o.tbl=$5";
    return change({"WITH m AS MATERIALIZED (SELECT ctid,count(*) OVER (PARTITION BY op_id) AS rows FROM " + m_outbox +
                       " WHERE owner=$1::int AND seq>$4::bigint AND op_id=ANY($2::uuid[]) AND drained_at IS NULL),"
                       "d AS (DELETE FROM " +
                       m_outbox + " o USING" + alone + " AND o.op='U'),u AS (UPDATE " + m_outbox +
                       " o SET drained_at=clock_timestamp() FROM" + alone + " AND o.op='D'),r AS (UPDATE " + m_outbox +
                       " o SET owner=NULL FROM m WHERE o.ctid=m.ctid AND (m.rows>1 OR o.tbl<>$5)) UPDATE " + m_purged +
                       " SET at=greatest(at,clock_timestamp()-$3::bigint*interval '0.9 ms')",
                   {me(), arrayLiteral(texts), textOf(retention), QByteArray::number(lowest.number), label},
                   Reuse::Often},
                  deadline);
}

Result<void> OutboxStore::forget(milliseconds journalKeep, Instant deadline)
{
    return change({"WITH d AS (DELETE FROM " + m_outbox +
                       " WHERE drained_at<clock_timestamp()-$1::bigint*interval '1 ms' RETURNING 1),"
                       "s AS (DELETE FROM " +
                       m_staged + " WHERE op_id IN (SELECT op_id FROM " + m_staged +
                       " WHERE at<clock_timestamp()-greatest($1::bigint*interval '1 ms',interval '24 h')"
                       " ORDER BY at LIMIT 500000))" // as many as one statement can take out in its time
                       "UPDATE " +
                       m_purged +
                       " SET at=greatest(at,clock_timestamp()-$1::bigint*interval '0.9 ms')"
                       " WHERE EXISTS (SELECT FROM d)",
                   {textOf(journalKeep)}},
                  deadline);
}

Result<std::vector<OutboxKey>> OutboxStore::keysOf(const PgStatement &statement, Instant deadline)
{
    const auto result = m_connection.run(statement, deadline);
    if (!result)
        return Failure(result.error());
    std::vector<OutboxKey> keys;
    keys.reserve(static_cast<size_t>(result->rows()));
    for (int i = 0; i < result->rows(); ++i)
        keys.push_back({{result->text(i, 0)}, {result->text(i, 1).toLongLong()}});
    return keys;
}

Result<std::vector<OutboxKey>> OutboxStore::committedKeys(const OpId &op, const QByteArray &label,
                                                          RowVersion lowestBase, const std::vector<RowKey> &keys,
                                                          Instant deadline)
{
    return keysOf({"SELECT k,max(seq)::text FROM " + m_outbox +
                       ",unnest(ids) k WHERE op_id=$1::uuid AND tbl=$2 AND seq>$3::bigint"
                       " AND k=ANY($4::text[]) GROUP BY k",
                   {textOf(op), label, QByteArray::number(lowestBase.number), arrayLiteral(keys)}},
                  deadline);
}

Result<bool> OutboxStore::failOperation(const OpId &op, const QByteArray &label, const RowKey &key, Instant deadline)
{
    // Two statements: the row that a concurrent one committed is visible only to the second.
    if (const auto written = change(
            {"INSERT INTO " + m_staged + "(op_id,tbl,id,status) VALUES($1::uuid,$2,$3,'failed') ON CONFLICT DO NOTHING",
             {textOf(op), label, key.text}},
            deadline);
        !written)
        return Failure(written.error());
    const auto applied = isApplied(op, deadline);
    if (!applied)
        return Failure(applied.error());
    return !*applied;
}

Result<bool> OutboxStore::isApplied(const OpId &op, Instant deadline)
{
    const auto result =
        m_connection.run({"SELECT status FROM " + m_staged + " WHERE op_id=$1::uuid", {textOf(op)}}, deadline);
    if (!result)
        return Failure(result.error());
    return result->rows() > 0 && result->text(0, 0) == "done";
}

Result<std::vector<OutboxKey>> OutboxStore::keys(const QByteArray &label, qint64 limit, Instant deadline)
{
    return keysOf({"SELECT k,max(seq)::text FROM " + m_outbox + ",unnest(ids) k WHERE tbl=$1 GROUP BY k LIMIT " +
                       QByteArray::number(limit),
                   {label}},
                  deadline);
}

Result<OutboxSize> OutboxStore::waiting(const QByteArrayList &labels, Instant deadline)
{
    const auto result = m_connection.run({"SELECT count(*)::text,coalesce(sum(cardinality(ids)),0)::text,"
                                          "coalesce(extract(epoch FROM clock_timestamp()-min(at)),0)::text FROM " +
                                              m_outbox + " WHERE drained_at IS NULL AND tbl=ANY($1::text[])",
                                          {arrayLiteral(labels)}},
                                         deadline);
    if (!result)
        return Failure(result.error());
    return OutboxSize{result->text(0, 0).toLongLong(), result->text(0, 1).toLongLong(), result->text(0, 2).toDouble()};
}

Result<qint64> OutboxStore::waitingRows(const QByteArrayList &labels, Instant deadline)
{
    const auto result = m_connection.run(
        {"SELECT count(*)::text FROM " + m_outbox + " WHERE drained_at IS NULL AND tbl=ANY($1::text[])",
         {arrayLiteral(labels)},
         Reuse::Often},
        deadline);
    if (!result)
        return Failure(result.error());
    return result->text(0, 0).toLongLong();
}

Result<qint64> OutboxStore::clock(Instant deadline)
{
    const auto result = m_connection.run(
        {"SELECT (extract(epoch FROM clock_timestamp())*1000000)::bigint::text", {}, Reuse::Often}, deadline);
    if (!result)
        return Failure(result.error());
    return result->text(0, 0).toLongLong();
}

Result<std::optional<qint64>> OutboxStore::purgedUntil(Instant deadline)
{
    const auto result = m_connection.run(
        {"SELECT (extract(epoch FROM max(at))*1000000)::bigint::text FROM " + m_purged + " WHERE isfinite(at)", {}},
        deadline);
    if (!result)
        return Failure(result.error());
    const Value text = result->value(0, 0);
    return text ? std::optional(text->toLongLong()) : std::nullopt;
}

Result<bool> OutboxStore::tryLeadRecovery(const QByteArray &label, Instant deadline)
{
    const auto result = m_connection.run({"SELECT pg_try_advisory_lock(7462,hashtext($1))::text", {label}}, deadline);
    if (!result)
        return Failure(result.error());
    return result->text(0, 0) == "true";
}

Result<void> OutboxStore::endRecovery(const QByteArray &label, Instant deadline)
{
    return change({"SELECT pg_advisory_unlock(7462,hashtext($1))", {label}}, deadline);
}

} // namespace throughline
