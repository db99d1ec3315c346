// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/rowstore.h"

namespace throughline {

RowStore::RowStore(PgConnection &connection, const Mapping &mapping)
    : m_connection(connection)
    , m_statements(mapping)
{
}

Result<WrittenRow> RowStore::write(const Edit &edit, Instant deadline)
{
    const PgStatement statement = edit.kind == EditKind::Update   ? m_statements.update(edit)
                                  : edit.kind == EditKind::Insert ? m_statements.insert(edit)
                                                                  : m_statements.remove(edit);
    const auto result = m_connection.run(statement, deadline);
    if (!result)
        return Failure(result.error());
    WrittenRow written;
    if (result->rows() == 0)
        return written;
    written.key = {result->text(0, 0)};
    if (edit.kind == EditKind::Delete)
        written.deleted = RowVersion{result->text(0, 1).toLongLong()};
    else
        written.row = m_statements.rowOf(*result, 0);
    return written;
}

Result<std::vector<WrittenRow>> RowStore::writeMany(const OpId &op, std::span<const Edit> edits, Instant deadline)
{
    const auto result = m_connection.run(m_statements.updateMany(op, edits), deadline);
    if (!result)
        return Failure(result.error());
    std::vector<WrittenRow> written(edits.size());
    for (int i = 0; i < result->rows(); ++i) {
        const int number = result->text(i, result->columns() - 1).toInt();
        WrittenRow &one = written[static_cast<size_t>(number - 1)];
        one.row = m_statements.rowOf(*result, i);
        one.key = one.row->key;
    }
    return written;
}

Result<bool> RowStore::touch(const OpId &op, const RowKey &key, RowVersion base, Instant deadline)
{
    const auto result = m_connection.run(m_statements.touch(op, key, base), deadline);
    if (!result)
        return Failure(result.error());
    return result->rows() > 0;
}

Result<std::vector<RowKey>> RowStore::nextKeys(int count, Instant deadline)
{
    return keysOf(m_statements.nextKeys(count), deadline);
}

Result<RowKey> RowStore::canonicalKey(const RowKey &typed, Instant deadline)
{
    const auto result = m_connection.run(m_statements.canonicalKey(typed), deadline);
    if (!result)
        return Failure(result.error());
    return RowKey{result->text(0, 0)};
}

Result<std::optional<Row>> RowStore::row(const RowKey &key, Instant deadline)
{
    const auto found = rowsOf(m_statements.rowByKey(key), deadline);
    if (!found)
        return Failure(found.error());
    return found->empty() ? std::nullopt : std::optional(found->front());
}

Result<std::vector<Row>> RowStore::rows(const std::vector<RowKey> &keys, Instant deadline)
{
    return rowsOf(m_statements.rowsByKeys(keys), deadline);
}

Result<std::vector<Row>> RowStore::page(const RowKey &from, const std::optional<RowKey> &before,
                                        const QString &contains, int most, Instant deadline)
{
    return rowsOf(m_statements.page(from, before, contains, most), deadline);
}

Result<std::vector<Row>> RowStore::firstPage(int rows, const QString &contains, Instant deadline)
{
    return rowsOf(m_statements.firstPage(rows, contains), deadline);
}

Result<std::vector<RowKey>> RowStore::pageIndex(int pageSize, const QString &contains, Instant deadline)
{
    return keysOf(m_statements.pageIndex(pageSize, contains), deadline);
}

Result<qint64> RowStore::countFrom(const RowKey &from, const QString &contains, Instant deadline)
{
    return numberOf(m_statements.countFrom(from, contains), deadline);
}

Result<qint64> RowStore::count(Instant deadline)
{
    return numberOf(m_statements.count(), deadline);
}

Result<qint64> RowStore::estimatedCount(Instant deadline)
{
    return numberOf(m_statements.estimatedCount(), deadline);
}

Result<std::vector<std::pair<RowKey, RowVersion>>> RowStore::keyVersionsAfter(const std::optional<RowKey> &after,
                                                                              int rows, Instant deadline)
{
    const auto result = m_connection.run(m_statements.keyVersionsAfter(after, rows), deadline);
    if (!result)
        return Failure(result.error());
    std::vector<std::pair<RowKey, RowVersion>> keys;
    keys.reserve(static_cast<size_t>(result->rows()));
    for (int i = 0; i < result->rows(); ++i)
        keys.emplace_back(RowKey{result->text(i, 0)}, RowVersion{result->text(i, 1).toLongLong()});
    return keys;
}

Result<std::vector<Row>> RowStore::rowsAfter(const std::optional<RowKey> &after, int rows, Instant deadline)
{
    return rowsOf(m_statements.rowsAfter(after, rows), deadline);
}

Result<std::vector<RowKey>> RowStore::keysWithoutRow(const std::vector<RowKey> &keys, Instant deadline)
{
    return keysOf(m_statements.keysWithoutRow(keys), deadline);
}

Result<std::vector<Row>> RowStore::rowsOf(const PgStatement &statement, Instant deadline)
{
    const auto result = m_connection.run(statement, deadline);
    if (!result)
        return Failure(result.error());
    std::vector<Row> rows;
    rows.reserve(static_cast<size_t>(result->rows()));
    for (int i = 0; i < result->rows(); ++i)
        rows.push_back(m_statements.rowOf(*result, i));
    return rows;
}

Result<std::vector<RowKey>> RowStore::keysOf(const PgStatement &statement, Instant deadline)
{
    const auto result = m_connection.run(statement, deadline);
    if (!result)
        return Failure(result.error());
    std::vector<RowKey> keys;
    keys.reserve(static_cast<size_t>(result->rows()));
    for (int i = 0; i < result->rows(); ++i)
        keys.push_back({result->text(i, 0)});
    return keys;
}

Result<qint64> RowStore::numberOf(const PgStatement &statement, Instant deadline)
{
    const auto result = m_connection.run(statement, deadline);
    if (!result)
        return Failure(result.error());
    return result->text(0, 0).toLongLong();
}

} // namespace throughline
