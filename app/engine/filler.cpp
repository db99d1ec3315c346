// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filler.h"

#include <QHash>

namespace throughline {

Filler::Filler(Mapping mapping, const EngineSettings &settings, const Interrupt *interrupt)
    : m_mapping(std::move(mapping))
    , m_settings(settings)
    , m_postgres(m_mapping, settings, LinkRole::Reader, interrupt)
    , m_redis(m_mapping, settings, interrupt)
{
}

Result<qint64> Filler::fill(const std::vector<RowKey> &keys)
{
    const Instant deadline = Clock::now() + m_settings.statementDeadline;
    if (const auto open = m_redis.ensure(); !open)
        return Failure(open.error());
    if (const auto open = m_postgres.ensure(); !open)
        return Failure(open.error());
    // Every lease is taken before the rows are read: a write in between ends it, and the fill then does nothing.
    QHash<QByteArray, QByteArray> tokens;
    std::vector<RowKey> missing;
    for (const RowKey &key : keys) {
        const auto read = m_redis.cache().read(key, deadline);
        if (!read)
            return Failure(read.error());
        if (read->hit)
            continue;
        tokens.insert(key.text, read->leaseToken);
        missing.push_back(key);
    }
    const auto rows = m_postgres.rows().rows(missing, deadline);
    if (!rows)
        return Failure(rows.error());
    qint64 filled = 0;
    for (const Row &row : *rows) {
        const auto reply = m_redis.cache().fill(row, tokens.value(row.key.text), deadline);
        if (!reply)
            return Failure(reply.error());
        filled += *reply == PutReply::Filled;
    }
    return filled;
}

} // namespace throughline
