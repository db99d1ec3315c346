// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/stagedlog.h"

#include "stores/postgres/pgstatements.h"

#include <QTimeZone>

namespace throughline {

namespace {

/// Other rows are the verdicts of inserts, which nobody staged. $1 = labels.
constexpr auto isStaged = " WHERE ack IS NOT NULL AND tbl=ANY($1::text[])";
constexpr auto isFailed = " AND status='failed'";

StagedRecord recordOf(const PgResult &result, int row)
{
    StagedRecord record;
    record.at = QDateTime::fromMSecsSinceEpoch(result.text(row, 0).toLongLong(), QTimeZone::utc());
    record.label = result.text(row, 1);
    record.key = {result.text(row, 2)};
    const QByteArray op = result.text(row, 3);
    record.op = op.isEmpty() ? StagedOp::Unknown : static_cast<StagedOp>(op[0]);
    record.uuid = result.text(row, 4);
    record.done = result.text(row, 5) == "done";
    record.failure = QString::fromUtf8(result.text(row, 6));
    record.id = OpId{QUuid::fromString(QLatin1StringView(result.text(row, 7)))};
    return record;
}

} // namespace

StagedLog::StagedLog(PgConnection &connection, const QString &protocolSchema)
    : m_connection(connection)
    , m_staged(quotedIdentifier(protocolSchema) + ".wt_staged")
{
}

Result<std::vector<StagedRecord>> StagedLog::recent(const QByteArrayList &labels, bool onlyFailed, int limit,
                                                    Instant deadline)
{
    const auto result = m_connection.run(
        {QByteArray("SELECT floor(extract(epoch FROM at)*1000)::bigint::text,tbl,id,what::text,ack,status,err,"
                    "op_id::text FROM ") +
             m_staged + isStaged + (onlyFailed ? isFailed : "") + " ORDER BY at DESC LIMIT $2::int",
         {arrayLiteral(labels), QByteArray::number(limit)},
         Reuse::Often},
        deadline);
    if (!result)
        return Failure(result.error());
    std::vector<StagedRecord> records;
    records.reserve(static_cast<size_t>(result->rows()));
    for (int i = 0; i < result->rows(); ++i)
        records.push_back(recordOf(*result, i));
    return records;
}

Result<qint64> StagedLog::countFailed(const QByteArrayList &labels, Instant deadline)
{
    const auto result = m_connection.run(
        {"SELECT count(*)::text FROM " + m_staged + isStaged + isFailed, {arrayLiteral(labels)}}, deadline);
    if (!result)
        return Failure(result.error());
    return result->text(0, 0).toLongLong();
}

} // namespace throughline
