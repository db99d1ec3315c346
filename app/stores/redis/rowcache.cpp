// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/rowcache.h"

#include "stores/redis/rediserror.h"

#include <QUuid>

#include <algorithm>
#include <utility>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t keysPerCall = 128; // PROTOCOL.md, section 3: a longer call would hold up everybody else

/// The answer to key number `index` of a call.
Result<PutReply> putReplyAt(const RedisReply &reply, size_t index)
{
    if (reply.isError())
        return Failure(rediserror::fromReply(reply.text()));
    return putcodec::replyOf(reply.textAt(index));
}

/// The answer of HMGET: version, then `fields` values. Absent when there is none of them.
Result<CachedRow> lookedAt(const RedisReply &reply, size_t fields)
{
    CachedRow row;
    if (reply.isError()) {
        StoreError error = rediserror::fromReply(reply.text());
        if (error.code != "WRONGTYPE"_L1)
            return Failure(std::move(error));
        row.state = CachedRow::State::WrongType;
        return row;
    }
    const Value version = reply.valueAt(0);
    bool found = version.has_value();
    row.version = version.value_or(QByteArray());
    row.values.reserve(fields);
    for (size_t i = 0; i < fields; ++i) {
        row.values.push_back(reply.valueAt(1 + i));
        found = found || row.values.back();
    }
    if (found)
        row.state = CachedRow::State::Hash;
    return row;
}

QByteArray newToken()
{
    return QUuid::createUuid().toByteArray(QUuid::Id128);
}

} // namespace

RowCache::RowCache(RedisContext &redis, const Mapping &mapping, milliseconds leaseTime)
    : m_redis(redis)
    , m_mapping(mapping)
    , m_leaseTime(leaseTime)
{
}

Result<PutReply> RowCache::putRow(const Row &row, const QByteArray &token, Instant deadline)
{
    return put({'U', row.key, row.version, token, &row}, deadline);
}

Result<PutReply> RowCache::fill(const Row &row, const QByteArray &token, Instant deadline)
{
    return put({'F', row.key, row.version, token, &row}, deadline);
}

Result<PutReply> RowCache::putDeleted(const RowKey &key, RowVersion version, Instant deadline)
{
    return put({'D', key, version, {}, nullptr}, deadline);
}

Result<PutReply> RowCache::put(const CachePut &put, Instant deadline)
{
    const ScriptCall call = callOf({&put, 1});
    const auto reply = m_put.run(m_redis, call.keys, call.arguments, deadline);
    if (!reply)
        return Failure(reply.error());
    return putcodec::replyOf(reply->textAt(0));
}

Result<std::vector<Result<PutReply>>> RowCache::putMany(std::span<const CachePut> puts, Instant deadline)
{
    std::vector<ScriptCall> calls;
    for (size_t at = 0; at < puts.size(); at += keysPerCall)
        calls.push_back(callOf(puts.subspan(at, std::min(keysPerCall, puts.size() - at))));
    const auto replies = m_put.runMany(m_redis, calls, deadline);
    if (!replies)
        return Failure(replies.error());
    std::vector<Result<PutReply>> answers;
    answers.reserve(puts.size());
    for (size_t i = 0; i < puts.size(); ++i)
        answers.push_back(putReplyAt((*replies)[i / keysPerCall], i % keysPerCall));
    return answers;
}

Result<std::vector<Result<PutReply>>> RowCache::putOrDrop(std::span<const CachePut> puts, Instant deadline)
{
    auto replies = putMany(puts, deadline);
    if (!replies)
        return replies;
    for (size_t i = 0; i < puts.size(); ++i) {
        Result<PutReply> &reply = (*replies)[i];
        if (!reply || *reply == PutReply::BadVersion)
            reply = invalidate(puts[i].key, deadline).map([] { return PutReply::Deleted; });
    }
    return replies;
}

ScriptCall RowCache::callOf(std::span<const CachePut> puts) const
{
    ScriptCall call;
    call.keys.reserve(puts.size() * 2);
    call.arguments.reserve(2 + m_mapping.fields.size() + puts.size() * (4 + m_mapping.fields.size()));
    putcodec::appendHead(m_mapping, {}, call.arguments);
    for (const CachePut &put : puts) {
        call.keys.push_back(m_mapping.hashKey(put.key));
        call.keys.push_back(m_mapping.leaseKey(put.key));
        putcodec::appendPut(put, {}, call.arguments);
    }
    return call;
}

Result<CacheRead> RowCache::read(const RowKey &key, Instant deadline)
{
    const ScriptCall call = callOf(key, newToken());
    const auto reply = m_read.run(m_redis, call.keys, call.arguments, deadline);
    if (!reply)
        return Failure(reply.error());
    return cacheReadOf(key, *reply);
}

Result<std::vector<CacheRead>> RowCache::readMany(std::span<const RowKey> keys, Instant deadline)
{
    const QByteArray token = newToken(); // of this reader; each key has a lease of its own
    std::vector<ScriptCall> calls;
    calls.reserve(keys.size());
    for (const RowKey &key : keys)
        calls.push_back(callOf(key, token));
    const auto replies = m_read.runMany(m_redis, calls, deadline);
    if (!replies)
        return Failure(replies.error());
    std::vector<CacheRead> reads;
    reads.reserve(keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
        auto read = cacheReadOf(keys[i], (*replies)[i]);
        if (!read)
            return Failure(read.error());
        reads.push_back(std::move(*read));
    }
    return reads;
}

Result<CacheRead> RowCache::cacheReadOf(const RowKey &key, const RedisReply &reply) const
{
    if (reply.isError())
        return Failure(rediserror::fromReply(reply.text()));
    if (reply.size() != 2)
        return Failure(rediserror::unexpected());
    if (reply.numberAt(0) != 1)
        return CacheRead{false, reply.textAt(1), {}};
    Row row{key, {}, std::vector<Value>(m_mapping.fields.size())};
    const auto texts = reply.textsAt(1);
    for (size_t i = 0; i + 1 < texts.size(); i += 2) {
        const auto mapped = std::ranges::find(m_mapping.fields, texts[i], &Field::hashField);
        if (texts[i] == "version")
            row.version = {texts[i + 1].toLongLong()};
        else if (mapped != m_mapping.fields.end())
            row.values[static_cast<size_t>(mapped - m_mapping.fields.begin())] = texts[i + 1];
    }
    return CacheRead{true, {}, std::move(row)};
}

ScriptCall RowCache::callOf(const RowKey &key, const QByteArray &freshToken) const
{
    return {{m_mapping.hashKey(key), m_mapping.leaseKey(key)}, {freshToken, QByteArray::number(m_leaseTime.count())}};
}

Result<void> RowCache::invalidate(const RowKey &key, Instant deadline)
{
    const auto reply = m_redis.run({"DEL"_ba, m_mapping.hashKey(key), m_mapping.leaseKey(key)}, deadline);
    if (!reply)
        return Failure(reply.error());
    return {};
}

Result<std::vector<CachedRow>> RowCache::peek(const std::vector<RowKey> &keys, Instant deadline)
{
    std::vector<RedisCommand> commands;
    commands.reserve(keys.size() * 3);
    for (const RowKey &key : keys) {
        const QByteArray name = m_mapping.hashKey(key);
        commands.push_back({"TYPE"_ba, name});
        commands.push_back({"HGETALL"_ba, name});
        commands.push_back({"PTTL"_ba, name});
    }
    const auto replies = m_redis.pipeline(commands, deadline);
    if (!replies)
        return Failure(replies.error());
    std::vector<CachedRow> rows;
    rows.reserve(keys.size());
    for (size_t i = 0; i + 2 < replies->size(); i += 3) {
        const RedisReply &type = (*replies)[i];
        if (type.isError()) // not allowed, or loading: true of every key
            return Failure(rediserror::fromReply(type.text()));
        rows.push_back(cachedRowOf(type, (*replies)[i + 1], (*replies)[i + 2]));
    }
    return rows;
}

Result<std::vector<CachedRow>> RowCache::look(std::span<const RowKey> keys, CacheDepth depth, Instant deadline)
{
    return askLook(keys, depth, deadline).and_then([&] { return takeLook(keys, depth, deadline); });
}

Result<void> RowCache::askLook(std::span<const RowKey> keys, CacheDepth depth, Instant deadline)
{
    RedisCommand command{"HMGET"_ba, QByteArray(), "version"_ba};
    for (size_t i = 0; i < m_mapping.fields.size() && depth == CacheDepth::Fields; ++i)
        command.push_back(m_mapping.fields[i].hashField);
    std::vector<RedisCommand> commands(keys.size(), command);
    for (size_t i = 0; i < keys.size(); ++i)
        commands[i][1] = m_mapping.hashKey(keys[i]);
    return m_redis.send(commands, deadline);
}

Result<std::vector<CachedRow>> RowCache::takeLook(std::span<const RowKey> keys, CacheDepth depth, Instant deadline)
{
    const auto replies = m_redis.receive(keys.size(), deadline);
    if (!replies)
        return Failure(replies.error());
    std::vector<CachedRow> rows;
    rows.reserve(keys.size());
    for (const RedisReply &reply : *replies) {
        auto row = lookedAt(reply, depth == CacheDepth::Fields ? m_mapping.fields.size() : 0);
        if (!row)
            return Failure(row.error());
        rows.push_back(std::move(*row));
    }
    if (const auto found = findEmptyHashes(keys, rows, deadline); !found)
        return Failure(found.error());
    return rows;
}

/// HMGET answers an absent hash like one that has none of the fields.
Result<void> RowCache::findEmptyHashes(std::span<const RowKey> keys, std::vector<CachedRow> &rows, Instant deadline)
{
    std::vector<RedisCommand> commands;
    std::vector<CachedRow *> asked;
    for (size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].state != CachedRow::State::Absent)
            continue;
        commands.push_back({"EXISTS"_ba, m_mapping.hashKey(keys[i])});
        asked.push_back(&rows[i]);
    }
    if (commands.empty())
        return {};
    const auto replies = m_redis.runAll(commands, deadline);
    if (!replies)
        return Failure(replies.error());
    for (size_t i = 0; i < asked.size(); ++i) {
        if ((*replies)[i].number() == 1)
            asked[i]->state = CachedRow::State::Hash;
    }
    return {};
}

Result<qint64> RowCache::drop(std::span<const RowKey> keys, Instant deadline)
{
    if (keys.empty())
        return 0;
    // The leases first: nobody can fill what is dropped behind them.
    std::vector<RedisCommand> commands{{"UNLINK"_ba}, {"UNLINK"_ba}};
    for (const RowKey &key : keys) {
        commands[0].push_back(m_mapping.leaseKey(key));
        commands[1].push_back(m_mapping.hashKey(key));
    }
    const auto replies = m_redis.runAll(commands, deadline);
    if (!replies)
        return Failure(replies.error());
    return replies->back().number();
}

CachedRow RowCache::cachedRowOf(const RedisReply &type, const RedisReply &fields, const RedisReply &ttl) const
{
    CachedRow row;
    row.typeName = type.text();
    if (row.typeName == "none")
        return row;
    row.ttlMs = ttl.isError() || ttl.number() < 0 ? CachedRow::noTtl : ttl.number();
    if (row.typeName != "hash" || fields.isError()) {
        row.state = CachedRow::State::WrongType;
        return row;
    }
    row.state = CachedRow::State::Hash;
    row.values.resize(m_mapping.fields.size());
    const auto texts = fields.texts();
    for (size_t i = 0; i + 1 < texts.size(); i += 2) {
        const auto mapped = std::ranges::find(m_mapping.fields, texts[i], &Field::hashField);
        if (texts[i] == "version")
            row.version = texts[i + 1];
        else if (mapped != m_mapping.fields.end())
            row.values[static_cast<size_t>(mapped - m_mapping.fields.begin())] = texts[i + 1];
        else
            row.unmapped.emplace_back(texts[i], texts[i + 1]);
    }
    std::ranges::sort(row.unmapped);
    return row;
}

} // namespace throughline
