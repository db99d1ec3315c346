// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/messagestore.h"

namespace throughline {

namespace {

/// The last column is the number of the wish, from 1.
size_t wishOf(const PgResult &result, int row)
{
    return static_cast<size_t>(result.text(row, result.columns() - 1).toInt() - 1);
}

} // namespace

MessageStore::MessageStore(PgConnection &connection, const Mapping &mapping, QByteArray stream)
    : m_connection(connection)
    , m_rows(mapping)
    , m_statements(mapping, std::move(stream))
{
}

Result<std::vector<WishApplied>> MessageStore::apply(const OpId &op, std::span<const RowWish> wishes, Instant deadline)
{
    const auto result = m_connection.run(m_statements.apply(op, wishes), deadline);
    if (!result)
        return Failure(result.error());
    const int fields = static_cast<int>(wishes.front().fields.size());
    std::vector<WishApplied> answers(wishes.size(), {std::nullopt, std::vector<bool>(static_cast<size_t>(fields))});
    for (int i = 0; i < result->rows(); ++i) {
        WishApplied &answer = answers[wishOf(*result, i)];
        answer.row = m_rows.rowOf(*result, i);
        for (int field = 0; field < fields; ++field)
            answer.passed[static_cast<size_t>(field)] =
                result->text(i, result->columns() - 1 - fields + field) == "true";
    }
    return answers;
}

Result<std::vector<WishState>> MessageStore::look(std::span<const RowWish> wishes, Instant deadline)
{
    const auto result = m_connection.run(m_statements.look(wishes), deadline);
    if (!result)
        return Failure(result.error());
    std::vector<WishState> answers(wishes.size());
    for (int i = 0; i < result->rows(); ++i) {
        WishState &answer = answers[wishOf(*result, i)];
        if (result->value(i, 0))
            answer.row = m_rows.rowOf(*result, i);
        answer.seen = result->text(i, result->columns() - 2) == "true";
    }
    return answers;
}

} // namespace throughline
