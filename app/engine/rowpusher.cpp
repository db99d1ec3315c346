// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rowpusher.h"

#include "base/faultpoint.h"

#include <QHash>

#include <algorithm>

namespace throughline {

namespace {

constexpr size_t keysPerRead = 500;

std::vector<CachePut> putsFor(std::span<const OutboxKey> keys, const std::vector<Row> &rows)
{
    QHash<QByteArray, const Row *> byKey;
    for (const Row &row : rows)
        byKey.insert(row.key.text, &row);
    std::vector<CachePut> puts;
    puts.reserve(keys.size());
    for (const OutboxKey &key : keys) {
        if (const Row *row = byKey.value(key.key.text))
            puts.push_back({'U', key.key, row->version, {}, row});
        else
            puts.push_back({'D', key.key, key.version, {}, nullptr});
    }
    return puts;
}

} // namespace

RowPusher::RowPusher(RowStore &rows, RowCache &cache, const EngineSettings &settings)
    : m_rows(rows)
    , m_cache(cache)
    , m_settings(settings)
{
}

Result<std::vector<OutboxKey>> RowPusher::push(std::span<const OutboxKey> keys)
{
    std::vector<OutboxKey> left;
    for (size_t begin = 0; begin < keys.size(); begin += keysPerRead) {
        const auto chunk = keys.subspan(begin, std::min(keysPerRead, keys.size() - begin));
        std::vector<RowKey> wanted;
        for (const OutboxKey &key : chunk)
            wanted.push_back(key.key);
        const auto rows = m_rows.rows(wanted, Clock::now() + m_settings.statementDeadline);
        if (!rows)
            return Failure(rows.error());
        const auto unanswered = put(putsFor(chunk, *rows), Clock::now() + m_settings.ackDeadline);
        std::ranges::copy_if(chunk, std::back_inserter(left), [&](const OutboxKey &key) {
            return std::ranges::find(unanswered, key.key) != unanswered.end();
        });
        if (begin + keysPerRead < keys.size())
            faultPoint(FaultPoint::HalfPushed);
    }
    return left;
}

std::vector<RowKey> RowPusher::put(std::span<const CachePut> puts, Instant deadline)
{
    std::vector<RowKey> left;
    const auto replies = m_cache.putMany(puts, deadline);
    for (size_t i = 0; i < puts.size(); ++i) {
        const auto reply = replies ? (*replies)[i] : Result<PutReply>(Failure(replies.error()));
        if (reply && *reply != PutReply::BadVersion)
            continue;
        // Redis answered and refused: out of memory, a forbidden command. Dropping is right at any time.
        const bool answered = reply || !reply.error().unavailable();
        const auto dropped =
            answered ? m_cache.invalidate(puts[i].key, deadline) : Result<void>(Failure(reply.error()));
        if (dropped)
            continue;
        m_error = dropped.error();
        left.push_back(puts[i].key);
    }
    return left;
}

} // namespace throughline
