// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/messagestream.h"

#include "stores/redis/rediserror.h"

#include <algorithm>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView keyField("key");
constexpr QByteArrayView valueField("value");

/// [name, text, name, text, ...]
Message messageOf(const QByteArray &id, const ReplyView &fields)
{
    Message message;
    message.id = id;
    for (size_t i = 0; i + 1 < fields.size(); i += 2) {
        const QByteArray name = fields.at(i).text();
        const QByteArray text = fields.at(i + 1).text();
        if (name == keyField && !message.key)
            message.key = text;
        else if (name == valueField && !message.value)
            message.value = text;
        else
            message.others.emplace_back(name, text);
    }
    return message;
}

/// [[id, fields], ...]; an entry that was deleted has nil for fields, or (old servers, claiming) is nil itself.
StreamEntries entriesOf(const ReplyView &list)
{
    StreamEntries entries;
    entries.messages.reserve(list.size());
    for (size_t i = 0; i < list.size(); ++i) {
        const ReplyView entry = list.at(i);
        if (!entry.isArray())
            continue;
        if (entry.at(1).isArray())
            entries.messages.push_back(messageOf(entry.at(0).text(), entry.at(1)));
        else
            entries.gone.push_back(entry.at(0).text());
    }
    return entries;
}

RedisCommand addCommand(const QByteArray &stream, const Message &message)
{
    RedisCommand command{"XADD"_ba, stream, "*"_ba};
    if (message.key)
        command.insert(command.end(), {keyField.toByteArray(), *message.key});
    if (message.value)
        command.insert(command.end(), {valueField.toByteArray(), *message.value});
    for (const auto &[name, text] : message.others)
        command.insert(command.end(), {name, text});
    return command;
}

} // namespace

MessageStream::MessageStream(RedisContext &redis, StreamNames names)
    : m_redis(redis)
    , m_names(std::move(names))
    , m_cursor("0-0"_ba)
{
}

Result<void> MessageStream::add(std::span<const Message> messages, Instant deadline)
{
    std::vector<RedisCommand> commands;
    commands.reserve(messages.size());
    for (const Message &message : messages)
        commands.push_back(addCommand(m_names.stream, message));
    return m_redis.runAll(commands, deadline).map([](const auto &) {});
}

Result<void> MessageStream::createGroup(Instant deadline)
{
    m_cursor = "0-0"_ba;
    const auto made =
        m_redis.run({"XGROUP"_ba, "CREATE"_ba, m_names.stream, m_names.group, "0"_ba, "MKSTREAM"_ba}, deadline);
    if (!made && made.error().code != "BUSYGROUP"_L1)
        return Failure(made.error());
    return {};
}

RedisCommand MessageStream::readCommand(size_t atMost) const
{
    return {"XREADGROUP"_ba,  "GROUP"_ba, m_names.group,
            m_names.consumer, "COUNT"_ba, QByteArray::number(static_cast<qsizetype>(atMost))};
}

Result<StreamEntries> MessageStream::readNew(size_t atMost, milliseconds wait, Instant deadline)
{
    RedisCommand command = readCommand(atMost);
    if (wait.count() > 0)
        command.insert(command.end(), {"BLOCK"_ba, QByteArray::number(static_cast<qlonglong>(wait.count()))});
    command.insert(command.end(), {"STREAMS"_ba, m_names.stream, ">"_ba});
    return read(command, deadline);
}

Result<StreamEntries> MessageStream::readOwed(size_t atMost, Instant deadline)
{
    RedisCommand command = readCommand(atMost);
    command.insert(command.end(), {"STREAMS"_ba, m_names.stream, "0"_ba});
    return read(command, deadline);
}

/// [[stream, entries]], or nil when there are none.
Result<StreamEntries> MessageStream::read(const RedisCommand &command, Instant deadline)
{
    const auto reply = m_redis.run(command, deadline);
    if (!reply)
        return Failure(reply.error());
    return entriesOf(ReplyView(*reply).at(0).at(1));
}

Result<StreamEntries> MessageStream::claim(milliseconds idle, size_t atMost, Instant deadline)
{
    const auto reply = m_redis.run({"XAUTOCLAIM"_ba, m_names.stream, m_names.group, m_names.consumer,
                                    QByteArray::number(static_cast<qlonglong>(idle.count())), m_cursor, "COUNT"_ba,
                                    QByteArray::number(static_cast<qsizetype>(atMost))},
                                   deadline);
    if (!reply)
        return Failure(reply.error());
    const ReplyView view(*reply);
    if (view.size() < 2)
        return Failure(rediserror::unexpected());
    m_cursor = view.at(0).text();
    StreamEntries entries = entriesOf(view.at(1));
    const ReplyView gone = view.at(2);
    for (size_t i = 0; i < gone.size(); ++i)
        entries.gone.push_back(gone.at(i).text());
    return entries;
}

Result<void> MessageStream::acknowledge(std::span<const QByteArray> ids, Instant deadline)
{
    if (ids.empty())
        return {};
    RedisCommand command{"XACK"_ba, m_names.stream, m_names.group};
    command.insert(command.end(), ids.begin(), ids.end());
    return m_redis.run(command, deadline).map([](const RedisReply &) {});
}

Result<void> MessageStream::bury(std::span<const DeadLetter> letters, Instant deadline)
{
    if (letters.empty())
        return {};
    // Not in one transaction: that would acknowledge even when the stream of the dead letters cannot take them.
    std::vector<RedisCommand> commands;
    std::vector<QByteArray> ids;
    for (const DeadLetter &letter : letters) {
        commands.push_back(addCommand(m_names.deadStream(), letter.message));
        commands.back().insert(commands.back().end(),
                               {"id"_ba, letter.message.id, "reason"_ba, letter.reason.toUtf8()});
        ids.push_back(letter.message.id);
    }
    return m_redis.runAll(commands, deadline).and_then([&](const auto &) { return acknowledge(ids, deadline); });
}

Result<qint64> MessageStream::pending(Instant deadline)
{
    const auto reply = m_redis.run({"XPENDING"_ba, m_names.stream, m_names.group}, deadline);
    if (!reply)
        return Failure(reply.error());
    return reply->numberAt(0);
}

Result<void> MessageStream::leave(Instant deadline)
{
    const auto owed =
        m_redis.run({"XPENDING"_ba, m_names.stream, m_names.group, "-"_ba, "+"_ba, "1"_ba, m_names.consumer}, deadline);
    if (!owed)
        return Failure(owed.error());
    if (owed->size() > 0)
        return {};
    return m_redis.run({"XGROUP"_ba, "DELCONSUMER"_ba, m_names.stream, m_names.group, m_names.consumer}, deadline)
        .map([](const RedisReply &) {});
}

} // namespace throughline
