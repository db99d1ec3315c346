// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/bulkupdate.h"
#include "domain/mapping.h"
#include "stores/postgres/pgconnection.h"

namespace throughline {

/// Step E2 for hundreds of rows at a time, in binary and returning only what a hash at the base version lacks. Belongs
/// to the thread of its connection.
class BulkStore final
{
public:
    BulkStore(PgConnection &connection, const Mapping &mapping);

    /// To be called once on a connection.
    [[nodiscard]] Result<void> tune(Instant deadline);

    // The halves, between which the connection can do nothing else.
    [[nodiscard]] Result<void> send(const BulkUpdate &update, Instant deadline);
    [[nodiscard]] Result<BulkWritten> receive(const BulkUpdate &update, Instant deadline);

private:
    [[nodiscard]] PgStatement statementOf(const BulkUpdate &update) const;
    [[nodiscard]] std::vector<int> returnedFor(const std::vector<int> &fields) const;
    [[nodiscard]] const Field &field(int index) const { return m_mapping.fields[static_cast<size_t>(index)]; }

    PgConnection &m_connection;
    Mapping m_mapping;
};

} // namespace throughline
