// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "checker.h"
#include "clients.h"

#include <QSet>

namespace throughline::faults {

/// What the checker is given from the servers themselves, read without any code of the program.
class StoreReader final
{
public:
    StoreReader(SqlClient &sql, RedisClient &redis);

    /// Nothing, and a reason in error(), when a server did not answer.
    [[nodiscard]] std::optional<Stores> stores();
    [[nodiscard]] std::optional<qint64> undrained();
    /// How much is staged, or in somebody's hand.
    [[nodiscard]] std::optional<qint64> staged();
    /// The verdicts on staged writes that were not read before.
    [[nodiscard]] std::optional<std::vector<VerdictRow>> newVerdicts();
    /// The changes after the one that was read last.
    [[nodiscard]] std::optional<std::vector<AuditRow>> newAudit();
    [[nodiscard]] const QByteArray &error() const noexcept { return m_error; }

private:
    [[nodiscard]] bool readTable(Stores &stores);
    [[nodiscard]] bool readCache(Stores &stores);
    [[nodiscard]] bool readKey(const QByteArray &key, Stores &stores);
    [[nodiscard]] bool readAnswers(const QByteArray &stream, Stores &stores);

    SqlClient &m_sql;
    RedisClient &m_redis;
    qint64 m_lastChange = 0;
    QSet<QByteArray> m_known; ///< operations with verdicts that were read
    QByteArray m_error;
};

[[nodiscard]] Baseline baselineOf(const Stores &stores);

} // namespace throughline::faults
