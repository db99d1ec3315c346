// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "domain/givenanswer.h"
#include "domain/mapping.h"
#include "stores/postgres/pgconnection.h"

#include <vector>

namespace throughline {

/// Where a reading of the verdicts has come to.
struct VerdictPlace
{
    QByteArray at = "-infinity";
    QByteArray id = "00000000-0000-0000-0000-000000000000";
};

/// The verdicts on staged writes of one mapping that somebody waits for, in the order in which they were given. Belongs
/// to the thread of its connection.
class VerdictLog final
{
public:
    VerdictLog(PgConnection &connection, const Mapping &mapping);

    /// At most `limit` verdicts that are not older than `age`, behind the place, which moves on; empty at the end.
    [[nodiscard]] Result<std::vector<GivenAnswer>> next(VerdictPlace &place, milliseconds age, int limit,
                                                        Instant deadline);

private:
    PgConnection &m_connection;
    QByteArray m_label;
    QByteArray m_staged;
};

} // namespace throughline
