// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/edit.h"
#include "domain/row.h"
#include "stores/postgres/pgconnection.h"
#include "stores/postgres/pgstatements.h"

#include <optional>
#include <span>
#include <vector>

namespace throughline {

/// What a write returned: nothing when no row had the key and base version.
struct WrittenRow
{
    std::optional<Row> row;            ///< Update, Insert
    std::optional<RowVersion> deleted; ///< Delete: the version the row had
    RowKey key;                        ///< as PostgreSQL prints it, however the edit spelled it
    [[nodiscard]] bool nothing() const noexcept { return !row && !deleted; }
};

/// Rows of the mapped table, read and written as values. Belongs to the thread of its connection.
class RowStore final
{
public:
    RowStore(PgConnection &connection, const Mapping &mapping);

    /// Step E2; autocommitted.
    [[nodiscard]] Result<WrittenRow> write(const Edit &edit, Instant deadline);
    /// E2 for many updates of the same fields and different keys, in one statement; one answer for each, in order.
    [[nodiscard]] Result<std::vector<WrittenRow>> writeMany(const OpId &op, std::span<const Edit> edits,
                                                            Instant deadline);
    /// True when the row had the base version and now has a newer one.
    [[nodiscard]] Result<bool> touch(const OpId &op, const RowKey &key, RowVersion base, Instant deadline);
    [[nodiscard]] Result<std::vector<RowKey>> nextKeys(int count, Instant deadline);
    /// A typed key in the form PostgreSQL prints it.
    [[nodiscard]] Result<RowKey> canonicalKey(const RowKey &typed, Instant deadline);

    [[nodiscard]] Result<std::optional<Row>> row(const RowKey &key, Instant deadline);
    [[nodiscard]] Result<std::vector<Row>> rows(const std::vector<RowKey> &keys, Instant deadline);
    [[nodiscard]] Result<std::vector<Row>> page(const RowKey &from, const std::optional<RowKey> &before,
                                                const QString &contains, int most, Instant deadline);
    [[nodiscard]] Result<std::vector<Row>> firstPage(int rows, const QString &contains, Instant deadline);
    [[nodiscard]] Result<std::vector<RowKey>> pageIndex(int pageSize, const QString &contains, Instant deadline);
    [[nodiscard]] Result<qint64> countFrom(const RowKey &from, const QString &contains, Instant deadline);
    [[nodiscard]] Result<qint64> count(Instant deadline);
    [[nodiscard]] Result<qint64> estimatedCount(Instant deadline);
    [[nodiscard]] Result<std::vector<std::pair<RowKey, RowVersion>>>
    keyVersionsAfter(const std::optional<RowKey> &after, int rows, Instant deadline);
    [[nodiscard]] Result<std::vector<Row>> rowsAfter(const std::optional<RowKey> &after, int rows, Instant deadline);
    /// Fails with InvalidValue when one of the keys cannot be a key of the table.
    [[nodiscard]] Result<std::vector<RowKey>> keysWithoutRow(const std::vector<RowKey> &keys, Instant deadline);

private:
    [[nodiscard]] Result<std::vector<Row>> rowsOf(const PgStatement &statement, Instant deadline);
    [[nodiscard]] Result<std::vector<RowKey>> keysOf(const PgStatement &statement, Instant deadline);
    [[nodiscard]] Result<qint64> numberOf(const PgStatement &statement, Instant deadline);

    PgConnection &m_connection;
    PgStatements m_statements;
};

} // namespace throughline
