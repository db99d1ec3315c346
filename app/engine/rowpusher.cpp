// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rowpusher.h"

#include "base/faultpoint.h"

#include <QHash>
#include <QSet>

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
    m_error.reset();
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
        const QSet<RowKey> waiting(unanswered.begin(), unanswered.end());
        std::ranges::copy_if(chunk, std::back_inserter(left),
                             [&](const OutboxKey &key) { return waiting.contains(key.key); });
        if (!waiting.isEmpty() && m_error && m_error->dropConnection()) {
            std::ranges::copy(keys.subspan(begin + chunk.size()), std::back_inserter(left));
            return left;
        }
        if (begin + keysPerRead < keys.size())
            faultPoint(FaultPoint::HalfPushed);
    }
    return left;
}

Result<qint64> RowPusher::push(std::span<RetainedPush> pushes, quint64 connection)
{
    QHash<RowKey, RowVersion> newest;
    for (RetainedPush &push : pushes) {
        push.pushed = false;
        push.connection = connection;
        for (const OutboxKey &key : push.keys)
            newest[key.key] = std::max(newest[key.key], key.version);
    }
    std::vector<OutboxKey> keys;
    for (auto key = newest.cbegin(); key != newest.cend(); ++key)
        keys.push_back({key.key(), key.value()});
    const auto left = push(keys);
    if (!left)
        return Failure(left.error());
    QSet<RowKey> waiting;
    for (const OutboxKey &key : *left)
        waiting.insert(key.key);
    const Instant now = Clock::now();
    for (RetainedPush &push : pushes) {
        push.pushed = std::ranges::none_of(push.keys, [&](const OutboxKey &key) { return waiting.contains(key.key); });
        push.pushedAt = now;
    }
    return std::ssize(keys) - std::ssize(*left);
}

StoreError RowPusher::notAnswered() const
{
    return m_error.value_or(StoreError{ErrorKind::Unreachable, Store::Redis, {}, {}, {}, {}, false});
}

std::vector<RowKey> RowPusher::put(std::span<const CachePut> puts, Instant deadline)
{
    std::vector<RowKey> left;
    const auto replies = m_cache.putOrDrop(puts, deadline);
    for (size_t i = 0; i < puts.size(); ++i) {
        const auto reply = replies ? (*replies)[i] : Result<PutReply>(Failure(replies.error()));
        if (reply)
            continue;
        m_error = reply.error();
        left.push_back(puts[i].key);
    }
    return left;
}

} // namespace throughline
