// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"
#include "base/strongids.h"
#include "domain/columninfo.h"
#include "domain/mappingconfig.h"

#include <optional>
#include <vector>

namespace throughline {

/// One mapped field: where it lives in the hash, and what the catalog says of its column.
struct Field
{
    QByteArray hashField;
    ColumnInfo column;
    bool secret = false; ///< shown masked everywhere

    [[nodiscard]] bool editable() const noexcept { return !column.generated; }
    friend bool operator==(const Field &, const Field &) = default;
};

/// A unique index on one column: how a refused duplicate finds its cell.
struct UniqueConstraint
{
    QString name;
    QString column;

    friend bool operator==(const UniqueConstraint &, const UniqueConstraint &) = default;
};

/// A configured mapping held against the catalog. SQL, hash, grid, editors and staged writes all come from it.
/// An immutable value once made; shared between threads by copy.
struct Mapping
{
    MappingConfig config;
    QString schema; ///< as the catalog has it, unquoted
    QString table;
    ColumnInfo key;
    QString keyDefault;     ///< SQL that makes the key of a new row, e.g. `nextval('users_id_seq'::regclass)`; or empty
    QString protocolSchema; ///< schema of wt_outbox and the other shared objects
    std::vector<UniqueConstraint> uniques;
    bool foreignTriggers = false; ///< a written row may be changed once more before it is committed
    std::vector<Field> fields;    ///< in the order of the configuration; Row::values has the same order

    [[nodiscard]] QByteArray hashKey(const RowKey &key) const;
    [[nodiscard]] QByteArray leaseKey(const RowKey &key) const;
    // Of staged writes: where clients put them, where they are while they are carried out, and the stream of the
    // answer.
    [[nodiscard]] QByteArray stagedKey(const RowKey &key) const;
    [[nodiscard]] QByteArray workKey(const RowKey &key) const;
    [[nodiscard]] QByteArray answerKey(const RowKey &key, const QByteArray &uuid) const;
    [[nodiscard]] QString qualifiedName() const { return schema + QLatin1Char('.') + table; }
    /// Index of the field whose column, or else whose hash field, has this name.
    [[nodiscard]] std::optional<int> fieldNamed(const QString &name) const;
};

/// PROTOCOL section 3: braces in a key would make the names of its lease and its hash slot ambiguous.
[[nodiscard]] bool isUsableKey(const RowKey &key);

/// The refusal of such a key.
[[nodiscard]] StoreError unusableKey(const ColumnInfo &key);

/// True for columns whose name says that people must not read it (password_hash, api_token, ...).
[[nodiscard]] bool isSecretColumn(const QString &column);

} // namespace throughline
