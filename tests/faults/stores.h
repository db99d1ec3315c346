// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "checker.h"
#include "clients.h"

namespace throughline::faults {

/// What the checker is given from the servers themselves, read without any code of the program.
class StoreReader final
{
public:
    StoreReader(SqlClient &sql, RedisClient &redis);

    /// Nothing, and a reason in error(), when a server did not answer.
    [[nodiscard]] std::optional<Stores> stores();
    [[nodiscard]] std::optional<qint64> undrained();
    /// The changes after the one that was read last.
    [[nodiscard]] std::optional<std::vector<AuditRow>> newAudit();
    [[nodiscard]] const QByteArray &error() const noexcept { return m_error; }

private:
    [[nodiscard]] bool readTable(Stores &stores);
    [[nodiscard]] bool readCache(Stores &stores);
    [[nodiscard]] bool readKey(const QByteArray &key, Stores &stores);

    SqlClient &m_sql;
    RedisClient &m_redis;
    qint64 m_lastChange = 0;
    QByteArray m_error;
};

[[nodiscard]] Baseline baselineOf(const Stores &stores);

} // namespace throughline::faults
