// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/rowcache.h"

#include "stores/redis/rediserror.h"

#include <QUuid>

#include <algorithm>
#include <array>
#include <utility>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

Result<PutReply> putReplyOf(const QByteArray &text)
{
    static const std::pair<QByteArray, PutReply> replies[]{
        {"updated"_ba, PutReply::Updated}, {"newer"_ba, PutReply::Newer},   {"deleted"_ba, PutReply::Deleted},
        {"absent"_ba, PutReply::Absent},   {"filled"_ba, PutReply::Filled}, {"badversion"_ba, PutReply::BadVersion},
    };
    for (const auto &[name, reply] : replies) {
        if (text == name)
            return reply;
    }
    return Failure(rediserror::unexpected());
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
    return put(row.key, 'U', row.version, token, &row, deadline);
}

Result<PutReply> RowCache::fill(const Row &row, const QByteArray &token, Instant deadline)
{
    return put(row.key, 'F', row.version, token, &row, deadline);
}

Result<PutReply> RowCache::putDeleted(const RowKey &key, RowVersion version, Instant deadline)
{
    return put(key, 'D', version, {}, nullptr, deadline);
}

Result<PutReply> RowCache::put(const RowKey &key, char mode, RowVersion version, const QByteArray &token,
                               const Row *row, Instant deadline)
{
    std::vector<QByteArray> arguments{QByteArray::number(m_mapping.config.ttlMs),
                                      QByteArray::number(static_cast<qsizetype>(m_mapping.fields.size()))};
    for (const Field &field : m_mapping.fields)
        arguments.push_back(field.hashField);
    arguments.push_back(QByteArray(1, mode));
    arguments.push_back(QByteArray::number(version.number));
    arguments.push_back(token);
    QByteArray mask;
    std::vector<QByteArray> values;
    if (row) {
        for (const Value &value : row->values) {
            mask += value ? '1' : '0';
            if (value)
                values.push_back(*value);
        }
    }
    arguments.push_back(mask);
    arguments.insert(arguments.end(), values.begin(), values.end());
    const std::array keys{m_mapping.hashKey(key), m_mapping.leaseKey(key)};
    const auto reply = m_put.run(m_redis, keys, arguments, deadline);
    if (!reply)
        return Failure(reply.error());
    return putReplyOf(reply->textAt(0));
}

Result<CacheRead> RowCache::read(const RowKey &key, Instant deadline)
{
    const std::array keys{m_mapping.hashKey(key), m_mapping.leaseKey(key)};
    const std::array arguments{QUuid::createUuid().toByteArray(QUuid::Id128), QByteArray::number(m_leaseTime.count())};
    const auto reply = m_read.run(m_redis, keys, arguments, deadline);
    if (!reply)
        return Failure(reply.error());
    if (reply->size() != 2)
        return Failure(rediserror::unexpected());
    if (reply->numberAt(0) == 1)
        return CacheRead{true, {}};
    return CacheRead{false, reply->textAt(1)};
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
