// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "domain/message.h"
#include "stores/postgres/pgstatements.h"

#include <span>

namespace throughline {

/// Writes the SQL that applies messages to the mapped table. Per field of a row, wt_applied holds the position of the
/// newest message that has set it; looking there, advancing it and changing the row are one statement, so a message is
/// applied at most once and never over a newer one, however often and in whichever order it is sent. Pure.
class MessageStatements final
{
public:
    MessageStatements(const Mapping &mapping, QByteArray stream);

    /// Wishes for the same fields of different rows. Returns the rows that were changed: select list, then for each
    /// field whether its message was let through, then the number (from 1) of the wish.
    [[nodiscard]] PgStatement apply(const OpId &op, std::span<const RowWish> wishes) const;
    /// What is true of such wishes now: select list (NULL when there is no row), whether messages at least as new have
    /// set every field, number of the wish.
    [[nodiscard]] PgStatement look(std::span<const RowWish> wishes) const;

private:
    struct Lists
    {
        QByteArray arrays; ///< of the parameters behind the keys: values, ms, n of each field
        QByteArray names;
        std::vector<Value> parameters;
    };
    [[nodiscard]] static Lists listsOf(std::span<const RowWish> wishes, std::vector<Value> first);
    [[nodiscard]] const ColumnInfo &column(const FieldWish &wish) const;
    [[nodiscard]] QByteArray unlessKept(const QByteArray &any, size_t wishedFields) const;

    Mapping m_mapping;
    PgStatements m_rows;
    QByteArray m_key;
    QByteArray m_keyCast;
    QByteArray m_schemaPrefix;
    QByteArray m_label;  ///< quoted
    QByteArray m_stream; ///< quoted
};

} // namespace throughline
