// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rowreader.h"

#include "stores/postgres/stagedlog.h"

#include <QHash>

namespace throughline {

namespace {

constexpr int mostRecords = 500;

} // namespace

RowReader::RowReader(Mapping mapping, const EngineSettings &settings, const Interrupt *interrupt)
    : m_mapping(std::move(mapping))
    , m_settings(settings)
    , m_postgres(m_mapping, settings, LinkRole::Reader, interrupt)
    , m_redis(m_mapping, settings, interrupt)
{
}

Instant RowReader::soon() const
{
    return Clock::now() + m_settings.readDeadline;
}

Instant RowReader::late() const
{
    return Clock::now() + m_settings.statementDeadline;
}

Result<TableIndex> RowReader::beginIndex(const RowFilter &filter)
{
    if (const auto open = m_postgres.ensure(); !open)
        return Failure(open.error());
    TableIndex index;
    index.filter = filter;
    index.pageSize = m_settings.pageSize;
    // One row more than a page tells whether there is another page at all.
    auto rows = m_postgres.rows().firstPage(index.pageSize + 1, filter.contains, late());
    if (!rows)
        return Failure(rows.error());
    const auto estimate = m_postgres.rows().estimatedCount(soon());
    if (!estimate)
        return Failure(estimate.error());
    if (!rows->empty())
        index.firstKeys.push_back(rows->front().key);
    index.complete = std::ssize(*rows) <= index.pageSize && filter.contains.isEmpty();
    index.rowCount = std::ssize(*rows);
    index.totalRows = index.complete ? index.rowCount : std::max<qint64>(*estimate, index.rowCount);
    if (std::ssize(*rows) > index.pageSize) {
        index.firstKeys.push_back(rows->back().key);
        rows->pop_back();
    }
    index.firstPage = std::move(*rows);
    return index;
}

Result<TableIndex> RowReader::completeIndex(TableIndex begun)
{
    if (const auto open = m_postgres.ensure(); !open)
        return Failure(open.error());
    auto keys = m_postgres.rows().pageIndex(begun.pageSize, begun.filter.contains, late());
    if (!keys)
        return Failure(keys.error());
    begun.rowCount = 0;
    if (!keys->empty()) {
        const auto last = m_postgres.rows().countFrom(keys->back(), begun.filter.contains, late());
        if (!last)
            return Failure(last.error());
        begun.rowCount = (std::ssize(*keys) - 1) * begun.pageSize + *last;
    }
    begun.totalRows = begun.rowCount;
    if (!begun.filter.contains.isEmpty()) {
        const auto total = m_postgres.rows().count(late());
        if (!total)
            return Failure(total.error());
        begun.totalRows = *total;
    }
    begun.firstKeys = std::move(*keys);
    begun.complete = true;
    return begun;
}

Result<std::vector<Row>> RowReader::page(const RowFilter &filter, const PageRequest &request)
{
    if (const auto open = m_postgres.ensure(); !open)
        return Failure(open.error());
    return m_postgres.rows().page(request.from, request.before, filter.contains, mostRowsOfPage() + 1, late());
}

RowPair RowReader::pair(const RowKey &key)
{
    RowPair pair;
    pair.key = key;
    // Redis first: it answers in microseconds, and a row that is read later can only be newer than its hash.
    auto cached = m_redis.ensureUnlessDown().and_then([&] { return m_redis.cache().peek({key}, soon()); });
    if (cached)
        pair.cached = std::move(cached->front());
    else
        pair.redisError = cached.error();
    auto row = m_postgres.ensureUnlessDown().and_then([&] { return m_postgres.rows().row(key, soon()); });
    if (row)
        pair.row = std::move(*row);
    else
        pair.postgresError = row.error();
    if (cached && row)
        pair.comparison = compareRow(m_mapping, pair.row, pair.cached);
    pair.readAt = QDateTime::currentDateTime();
    return pair;
}

Result<std::vector<RowPair>> RowReader::pairs(const std::vector<RowKey> &keys)
{
    auto cached = m_redis.ensure().and_then([&] { return m_redis.cache().peek(keys, late()); });
    if (!cached)
        return Failure(cached.error());
    auto rows = m_postgres.ensure().and_then([&] { return m_postgres.rows().rows(keys, late()); });
    if (!rows)
        return Failure(rows.error());
    QHash<QByteArray, Row> byKey;
    for (Row &row : *rows)
        byKey.insert(row.key.text, std::move(row));
    std::vector<RowPair> pairs(keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
        pairs[i].key = keys[i];
        pairs[i].cached = std::move((*cached)[i]);
        if (const auto found = byKey.constFind(keys[i].text); found != byKey.cend())
            pairs[i].row = *found;
        pairs[i].comparison = compareRow(m_mapping, pairs[i].row, pairs[i].cached);
    }
    return pairs;
}

Result<std::vector<StagedRecord>> RowReader::stagedRecords(const QByteArrayList &labels)
{
    if (const auto open = m_postgres.ensureUnlessDown(); !open)
        return Failure(open.error());
    StagedLog log(m_postgres.connection(), m_mapping.protocolSchema);
    auto records = log.recent(labels, false, mostRecords, soon());
    if (!records)
        return Failure(records.error());
    auto failed = log.recent(labels, true, mostRecords, soon());
    if (!failed)
        return Failure(failed.error());
    records->insert(records->end(), failed->begin(), failed->end());
    return records;
}

} // namespace throughline
