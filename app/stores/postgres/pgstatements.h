// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/mapping.h"
#include "domain/row.h"
#include "stores/postgres/pgresult.h"
#include "stores/postgres/pgstatement.h"

#include <QByteArrayList>

#include <optional>
#include <span>
#include <vector>

namespace throughline {

/// Writes every SQL statement on the mapped table. Pure: a mapping in, text out. Every identifier is quoted and every
/// value is a parameter.
class PgStatements final
{
public:
    explicit PgStatements(const Mapping &mapping);

    // Steps E2 of PROTOCOL.md; each returns the row (selectList) or nothing.
    [[nodiscard]] PgStatement update(const Edit &edit) const;
    [[nodiscard]] PgStatement insert(const Edit &edit) const;
    /// Returns key and version of the deleted row.
    [[nodiscard]] PgStatement remove(const Edit &edit) const;
    /// Many updates of the same fields in one statement; returns the rows that were changed, each with the number
    /// (from 1) of its edit behind the select list.
    [[nodiscard]] PgStatement updateMany(const OpId &op, std::span<const Edit> edits) const;
    /// Gives the row a new version and changes nothing else, if it still has the base version: no late attempt that
    /// was made on that base can match any more.
    [[nodiscard]] PgStatement touch(const OpId &op, const RowKey &key, RowVersion base) const;
    /// A key as it was typed, in the form PostgreSQL prints it: that form names the hash.
    [[nodiscard]] PgStatement canonicalKey(const RowKey &typed) const;
    /// The keys that new rows will get.
    [[nodiscard]] PgStatement nextKeys(int count) const;

    [[nodiscard]] PgStatement rowByKey(const RowKey &key) const;
    [[nodiscard]] PgStatement rowsByKeys(const std::vector<RowKey> &keys) const;
    [[nodiscard]] PgStatement page(const RowKey &from, const std::optional<RowKey> &before, const QString &contains,
                                   int most) const;
    [[nodiscard]] PgStatement firstPage(int rows, const QString &contains) const;
    /// The first key of every page.
    [[nodiscard]] PgStatement pageIndex(int pageSize, const QString &contains) const;
    /// How many rows stand at `from` and after it.
    [[nodiscard]] PgStatement countFrom(const RowKey &from, const QString &contains) const;
    [[nodiscard]] PgStatement count() const;
    [[nodiscard]] PgStatement estimatedCount() const;
    /// Up to `rows` keys with their versions, in key order after `after`.
    [[nodiscard]] PgStatement keyVersionsAfter(const std::optional<RowKey> &after, int rows) const;

    /// Up to `rows` whole rows in key order after `after`.
    [[nodiscard]] PgStatement rowsAfter(const std::optional<RowKey> &after, int rows) const;
    /// Those of the keys that no row has, spelled as PostgreSQL prints a key.
    [[nodiscard]] PgStatement keysWithoutRow(const std::vector<RowKey> &keys) const;

    /// Row number `index` of a result with the select list: key, version, fields.
    [[nodiscard]] Row rowOf(const PgResult &result, int index) const;

    [[nodiscard]] const QByteArray &table() const noexcept { return m_table; }
    /// The output columns that rowOf() reads.
    [[nodiscard]] const QByteArray &selectList() const noexcept { return m_selectList; }

private:
    struct Condition
    {
        QByteArray sql;
        std::vector<Value> parameters;
    };
    [[nodiscard]] Condition searchCondition(const QString &contains, int firstParameter) const;
    [[nodiscard]] QByteArray fieldName(int field) const;
    [[nodiscard]] PgStatement selectAfter(const QByteArray &list, const std::optional<RowKey> &after, int rows) const;

    Mapping m_mapping;
    QByteArray m_table;
    QByteArray m_key;
    QByteArray m_order; ///< by the column: a bare name would mean the output column, which is text
    QByteArray m_keyCast;
    QByteArray m_schemaPrefix; ///< of the protocol's own objects
    QByteArray m_nextVersion;
    QByteArray m_selectList;
};

/// A quoted SQL identifier, UTF-8.
[[nodiscard]] QByteArray quotedIdentifier(const QString &name);
/// A quoted SQL string.
[[nodiscard]] QByteArray quotedLiteral(const QByteArray &text);
/// A text[] literal.
[[nodiscard]] QByteArray arrayLiteral(std::span<const Value> elements);
[[nodiscard]] QByteArray arrayLiteral(const std::vector<RowKey> &keys);
[[nodiscard]] QByteArray arrayLiteral(const QByteArrayList &texts);

} // namespace throughline
