// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/rowpatcher.h"

#include "stores/redis/rediserror.h"

#include <algorithm>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t keysPerCall = 128; // PROTOCOL.md, section 3: a longer call would hold up everybody else

constexpr size_t bytesPerRow = 160; // about

/// How many words one call has: command, script, number of keys, keys, head, then per key base, version, mask, values.
size_t wordsOf(const BulkWritten &written, std::span<const size_t> rows)
{
    const size_t fields = written.fields.size();
    size_t values = 0;
    for (const size_t row : rows) {
        for (size_t i = 0; i < fields; ++i)
            values += !written.values.isNull(row * fields + i);
    }
    return 3 + 2 * rows.size() + 2 + fields + 3 * rows.size() + values;
}

bool isReply(char letter)
{
    return letter == 'u' || letter == 'n' || letter == 'a' || letter == 's';
}

} // namespace

RowPatcher::RowPatcher(RedisContext &redis, const Mapping &mapping)
    : m_redis(redis)
    , m_mapping(mapping)
{
}

Result<std::vector<PatchReply>> RowPatcher::patch(const BulkUpdate &update, const BulkWritten &written,
                                                  Instant deadline)
{
    std::vector<size_t> rows;
    rows.reserve(update.rows());
    for (size_t row = 0; row < update.rows(); ++row) {
        if (written.versions[row].isValid())
            rows.push_back(row);
    }
    std::vector<PatchReply> answers(update.rows(), PatchReply::Stale);
    const auto replies = call(update, written, rows, deadline);
    if (!replies)
        return Failure(replies.error());
    for (size_t at = 0; at < rows.size(); at += keysPerCall) {
        const RedisReply &reply = (*replies)[at / keysPerCall];
        if (reply.isError())
            return Failure(rediserror::fromReply(reply.text()));
        const QByteArray letters = reply.text();
        const size_t count = std::min(keysPerCall, rows.size() - at);
        if (letters.size() != static_cast<qsizetype>(count) || !std::ranges::all_of(letters, isReply))
            return Failure(rediserror::unexpected());
        for (size_t i = 0; i < count; ++i)
            answers[rows[at + i]] = static_cast<PatchReply>(letters[static_cast<qsizetype>(i)]);
    }
    return answers;
}

CommandBuffer RowPatcher::commandsFor(const BulkUpdate &update, const BulkWritten &written,
                                      const std::vector<size_t> &rows, Script script) const
{
    CommandBuffer buffer;
    buffer.reserve(rows.size() * bytesPerRow);
    for (size_t at = 0; at < rows.size(); at += keysPerCall) {
        const bool isText = at == 0 && script == Script::Text; // which is there for the calls behind it
        buffer.begin(wordsOf(written, std::span(rows).subspan(at, std::min(keysPerCall, rows.size() - at))));
        buffer.add(isText ? "EVAL"_ba : "EVALSHA"_ba);
        buffer.add(isText ? m_script.text() : m_script.sha());
        addCall(buffer, update, written, std::span(rows).subspan(at, std::min(keysPerCall, rows.size() - at)));
    }
    return buffer;
}

void RowPatcher::addCall(CommandBuffer &buffer, const BulkUpdate &update, const BulkWritten &written,
                         std::span<const size_t> rows) const
{
    const size_t fields = written.fields.size();
    buffer.add(static_cast<qint64>(2 * rows.size()));
    for (const size_t row : rows) {
        const RowKey key = update.key(row);
        buffer.add(m_mapping.hashKey(key));
        buffer.add(m_mapping.leaseKey(key));
    }
    buffer.add(m_mapping.config.ttlMs);
    buffer.add(static_cast<qint64>(fields));
    for (const int field : written.fields)
        buffer.add(m_mapping.fields[static_cast<size_t>(field)].hashField);
    QByteArray mask(static_cast<qsizetype>(fields), '1');
    for (const size_t row : rows) {
        for (size_t i = 0; i < fields; ++i)
            mask[static_cast<qsizetype>(i)] = written.values.isNull(row * fields + i) ? '0' : '1';
        buffer.add(update.bases[row].number);
        buffer.add(written.versions[row].number);
        buffer.add(mask);
        for (size_t i = 0; i < fields; ++i) {
            if (!written.values.isNull(row * fields + i))
                buffer.add(written.values.at(row * fields + i));
        }
    }
}

Result<std::vector<RedisReply>> RowPatcher::call(const BulkUpdate &update, const BulkWritten &written,
                                                 const std::vector<size_t> &rows, Instant deadline)
{
    auto replies = m_redis.pipeline(commandsFor(update, written, rows, Script::Digest), deadline);
    const bool isUnknown =
        replies && std::ranges::any_of(*replies, [](const RedisReply &reply) {
            return reply.isError() && rediserror::fromReply(reply.text()).kind == ErrorKind::ScriptMissing;
        });
    if (!isUnknown)
        return replies;
    // Redis has started since, or never saw it. What some calls have done already is answered as newer.
    return m_redis.pipeline(commandsFor(update, written, rows, Script::Text), deadline);
}

} // namespace throughline
