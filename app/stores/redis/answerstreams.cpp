// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/answerstreams.h"

#include "stores/redis/rediserror.h"
#include "stores/redis/stagingarea.h"

#include <QHash>

namespace throughline {

using namespace Qt::StringLiterals;

AnswerStreams::AnswerStreams(RedisContext &redis, const Mapping &mapping)
    : m_redis(redis)
    , m_mapping(mapping)
{
}

Result<std::vector<GivenAnswer>> AnswerStreams::missing(std::span<const GivenAnswer> answers, Instant deadline)
{
    std::vector<RedisCommand> commands;
    commands.reserve(answers.size());
    for (const GivenAnswer &answer : answers)
        commands.push_back({"EXISTS"_ba, m_mapping.answerKey(answer.key, answer.uuid)});
    const auto replies = m_redis.runAll(commands, deadline);
    if (!replies)
        return Failure(replies.error());
    std::vector<GivenAnswer> missing;
    for (size_t i = 0; i < answers.size(); ++i) {
        if ((*replies)[i].number() == 0)
            missing.push_back(answers[i]);
    }
    return missing;
}

Result<qint64> AnswerStreams::give(std::span<const GivenAnswer> answers, Instant deadline)
{
    QHash<QByteArray, size_t> calledBy;
    std::vector<ScriptCall> calls;
    for (const GivenAnswer &answer : answers) {
        const QByteArray stream = m_mapping.answerKey(answer.key, answer.uuid);
        if (!calledBy.contains(stream)) {
            calledBy.insert(stream, calls.size());
            calls.push_back({{stream}, {QByteArray::number(StagingArea::answerSeconds)}});
        }
        auto &arguments = calls[calledBy[stream]].arguments;
        arguments.push_back(answer.done ? "done"_ba : "failed"_ba);
        arguments.push_back(answer.failure.toUtf8());
    }
    const auto replies = m_answer.runMany(m_redis, calls, deadline);
    if (!replies)
        return Failure(replies.error());
    qint64 given = 0;
    for (const RedisReply &reply : *replies) {
        if (reply.isError())
            return Failure(rediserror::fromReply(reply.text()));
        given += reply.number();
    }
    return given;
}

} // namespace throughline
