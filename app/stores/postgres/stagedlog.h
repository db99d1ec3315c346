// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/stagedrecord.h"
#include "stores/postgres/pgconnection.h"

#include <QByteArrayList>

#include <vector>

namespace throughline {

/// The verdicts on staged writes that PostgreSQL keeps for a day, whoever gave them. Only reads. Belongs to the thread
/// of its connection.
class StagedLog final
{
public:
    StagedLog(PgConnection &connection, const QString &protocolSchema);

    /// At most `limit` of the tables with these labels, the newest first.
    [[nodiscard]] Result<std::vector<StagedRecord>> recent(const QByteArrayList &labels, bool onlyFailed, int limit,
                                                           Instant deadline);
    [[nodiscard]] Result<qint64> countFailed(const QByteArrayList &labels, Instant deadline);

private:
    PgConnection &m_connection;
    QByteArray m_staged;
};

} // namespace throughline
