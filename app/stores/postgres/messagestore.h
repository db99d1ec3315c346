// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/row.h"
#include "stores/postgres/messagestatements.h"
#include "stores/postgres/pgconnection.h"

#include <optional>
#include <span>
#include <vector>

namespace throughline {

/// What a statement has made of one wish.
struct WishApplied
{
    std::optional<Row> row;   ///< as it is now; none when nothing of the wish was let through
    std::vector<bool> passed; ///< for each field of the wish
};

/// What is known of a wish of which nothing was let through.
struct WishState
{
    std::optional<Row> row;
    bool seen = false; ///< messages at least as new have set every field
};

/// The mapped rows as messages change them. Belongs to the thread of its connection, which has to be a node.
class MessageStore final
{
public:
    MessageStore(PgConnection &connection, const Mapping &mapping, QByteArray stream);

    /// Up to 500 wishes for the same fields of different rows, autocommitted; one answer for each, in order.
    [[nodiscard]] Result<std::vector<WishApplied>> apply(const OpId &op, std::span<const RowWish> wishes,
                                                         Instant deadline);
    [[nodiscard]] Result<std::vector<WishState>> look(std::span<const RowWish> wishes, Instant deadline);

private:
    PgConnection &m_connection;
    PgStatements m_rows;
    MessageStatements m_statements;
};

} // namespace throughline
