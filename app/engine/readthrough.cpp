// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/readthrough.h"

#include "base/faultpoint.h"

#include <QCoreApplication>
#include <QHash>

namespace throughline {

namespace {

StoreError notRecovered()
{
    StoreError error;
    error.store = Store::Redis;
    error.message = QCoreApplication::translate(
        "ReadThrough", "Redis has started and nobody has checked its hashes since, so none may be added. Open the "
                       "window, or run \"throughlinectl gateway --once\".");
    return error;
}

} // namespace

ReadThrough::ReadThrough(PostgresLink &postgres, RedisLink &redis, const EngineSettings &settings)
    : m_postgres(postgres)
    , m_redis(redis)
    , m_settings(settings)
{
}

Result<ReadAnswer> ReadThrough::read(const RowKey &key)
{
    const Instant deadline = Clock::now() + m_settings.readDeadline;
    QByteArray token;
    quint64 connection = 0;
    if (m_redis.ensure(m_settings.readDeadline) && m_redis.mayFill(deadline)) {
        auto read = m_redis.cache().read(key, deadline);
        if (read && read->row)
            return ReadAnswer{std::move(read->row), true};
        if (read && !read->hit) {
            token = read->leaseToken;
            connection = m_redis.number();
        }
    }
    if (const auto open = m_postgres.ensure(); !open)
        return Failure(open.error());
    auto row = m_postgres.rows().row(key, Clock::now() + m_settings.statementDeadline);
    if (!row)
        return Failure(row.error());
    if (*row)
        faultPoint(FaultPoint::BeforeFill);
    // A token is worth nothing over another connection: Redis may have started again meanwhile.
    if (*row && !token.isEmpty() && m_redis.context().isOpen() && m_redis.number() == connection)
        std::ignore = m_redis.cache().fill(**row, token, Clock::now() + m_settings.readDeadline);
    return ReadAnswer{std::move(*row), false};
}

Result<qint64> ReadThrough::fill(const std::vector<RowKey> &keys, Instant deadline)
{
    if (const auto open = m_redis.ensure(); !open)
        return Failure(open.error());
    if (!m_redis.mayFill(deadline))
        return Failure(notRecovered());
    // Every lease is taken before the rows are read: a write in between ends it, and the fill then does nothing.
    const auto reads = m_redis.cache().readMany(keys, deadline);
    if (!reads)
        return Failure(reads.error());
    QHash<QByteArray, QByteArray> tokens;
    std::vector<RowKey> missing;
    for (size_t i = 0; i < keys.size(); ++i) {
        if ((*reads)[i].hit)
            continue;
        tokens.insert(keys[i].text, (*reads)[i].leaseToken);
        missing.push_back(keys[i]);
    }
    if (missing.empty())
        return 0;
    const auto rows = m_postgres.ensure().and_then([&] { return m_postgres.rows().rows(missing, deadline); });
    if (!rows)
        return Failure(rows.error());
    if (rows->empty())
        return 0;
    faultPoint(FaultPoint::BeforeFill);
    std::vector<CachePut> puts;
    for (const Row &row : *rows)
        puts.push_back({'F', row.key, row.version, tokens.value(row.key.text), &row});
    // The context is the one that took the leases: a broken one is not opened again in here.
    const auto replies = m_redis.cache().putMany(puts, deadline);
    if (!replies)
        return Failure(replies.error());
    qint64 filled = 0;
    for (const auto &reply : *replies) {
        if (!reply)
            return Failure(reply.error());
        filled += *reply == PutReply::Filled;
    }
    return filled;
}

} // namespace throughline
