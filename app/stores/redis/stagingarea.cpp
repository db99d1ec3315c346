// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/stagingarea.h"

#include "stores/redis/rediserror.h"

#include <QUuid>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

QByteArray randomId()
{
    return QUuid::createUuid().toByteArray(QUuid::Id128);
}

/// Sets what the script itself has put among the client's fields apart.
void takeFields(const std::vector<QByteArray> &texts, TakenWrite &write)
{
    for (size_t i = 0; i + 1 < texts.size(); i += 2) {
        if (texts[i] == "#rand")
            write.nonce = texts[i + 1];
        else if (texts[i] != "#owner" && texts[i] != "#until")
            write.fields.emplace_back(texts[i], texts[i + 1]);
    }
}

Result<TakenWrite> takenOf(const RedisReply &reply)
{
    if (reply.isError())
        return Failure(rediserror::fromReply(reply.text()));
    TakenWrite write;
    const QByteArray word = reply.textAt(0);
    if (word == "taken") {
        write.kind = TakenWrite::Kind::Taken;
        write.token = reply.textAt(1);
        takeFields(reply.textsAt(2), write);
    } else if (word == "busy") {
        write.kind = TakenWrite::Kind::Busy;
        write.busyFor = milliseconds(reply.numberAt(1));
    } else if (word == "badtype") {
        write.kind = TakenWrite::Kind::BadType;
    } else if (word != "none") {
        return Failure(rediserror::unexpected());
    }
    return write;
}

Result<bool> finishedOf(const RedisReply &reply)
{
    if (reply.isError())
        return Failure(rediserror::fromReply(reply.text()));
    return reply.number() == 1;
}

} // namespace

StagingArea::StagingArea(RedisContext &redis, const Mapping &mapping, QByteArray gateway, milliseconds leaseTime,
                         milliseconds ownTime)
    : m_redis(redis)
    , m_mapping(mapping)
    , m_gateway(std::move(gateway))
    , m_leaseTime(leaseTime)
    , m_ownTime(ownTime)
{
}

Result<std::vector<Result<TakenWrite>>> StagingArea::take(std::span<const RowKey> keys, Instant deadline)
{
    std::vector<ScriptCall> calls;
    calls.reserve(keys.size());
    for (const RowKey &key : keys)
        calls.push_back(takeCall(key));
    const auto replies = m_take.runMany(m_redis, calls, deadline);
    if (!replies)
        return Failure(replies.error());
    std::vector<Result<TakenWrite>> taken;
    taken.reserve(keys.size());
    for (const RedisReply &reply : *replies)
        taken.push_back(takenOf(reply));
    return taken;
}

ScriptCall StagingArea::takeCall(const RowKey &key) const
{
    return {{m_mapping.stagedKey(key), m_mapping.workKey(key), m_mapping.hashKey(key), m_mapping.leaseKey(key)},
            {m_gateway, QByteArray::number(static_cast<qint64>(m_ownTime.count())), randomId(),
             QByteArray::number(static_cast<qint64>(m_leaseTime.count())), randomId()}};
}

Result<std::vector<Result<bool>>> StagingArea::finish(std::span<const StagedAnswer> answers, Instant deadline)
{
    std::vector<ScriptCall> calls;
    calls.reserve(answers.size());
    for (const StagedAnswer &answer : answers)
        calls.push_back(finishCall(answer));
    const auto replies = m_finish.runMany(m_redis, calls, deadline);
    if (!replies)
        return Failure(replies.error());
    std::vector<Result<bool>> finished;
    finished.reserve(answers.size());
    for (const RedisReply &reply : *replies)
        finished.push_back(finishedOf(reply));
    return finished;
}

ScriptCall StagingArea::finishCall(const StagedAnswer &answer) const
{
    ScriptCall call{{m_mapping.workKey(answer.key), m_mapping.answerKey(answer.key, answer.uuid),
                     m_mapping.hashKey(answer.key), m_mapping.leaseKey(answer.key), m_mapping.stagedKey(answer.key)},
                    {answer.nonce, answer.done ? "done"_ba : "failed"_ba, answer.reason.toUtf8(),
                     QByteArray::number(answerSeconds), answer.uuid,
                     answer.effect == StagedEffect::None ? QByteArray() : QByteArray(1, char(answer.effect))}};
    if (answer.effect != StagedEffect::Put && answer.effect != StagedEffect::Overwrite)
        return call;
    putcodec::appendHead(m_mapping, answer.unmapped, call.arguments);
    putcodec::appendPut({'U', answer.key, answer.row.version, answer.token, &answer.row}, answer.unmapped,
                        call.arguments);
    return call;
}

} // namespace throughline
