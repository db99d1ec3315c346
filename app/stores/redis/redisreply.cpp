// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/redisreply.h"

#include <hiredis/hiredis.h>

namespace throughline {

namespace {

QByteArray textOf(const redisReply &reply)
{
    if (reply.type == REDIS_REPLY_INTEGER)
        return QByteArray::number(static_cast<qlonglong>(reply.integer));
    if (!reply.str)
        return {};
    return QByteArray(reply.str, static_cast<qsizetype>(reply.len));
}

std::vector<QByteArray> textsOf(const redisReply &reply)
{
    std::vector<QByteArray> texts;
    if (reply.type != REDIS_REPLY_ARRAY)
        return texts;
    texts.reserve(reply.elements);
    for (size_t i = 0; i < reply.elements; ++i)
        texts.push_back(textOf(*reply.element[i]));
    return texts;
}

} // namespace

RedisReply::RedisReply(redisReply *reply) noexcept
    : m_reply(reply)
{
}

void RedisReply::Free::operator()(redisReply *reply) const noexcept
{
    freeReplyObject(reply);
}

bool RedisReply::isNil() const noexcept
{
    return !m_reply || m_reply->type == REDIS_REPLY_NIL;
}

bool RedisReply::isError() const noexcept
{
    return m_reply && m_reply->type == REDIS_REPLY_ERROR;
}

bool RedisReply::isArray() const noexcept
{
    return m_reply && m_reply->type == REDIS_REPLY_ARRAY;
}

QByteArray RedisReply::text() const
{
    return m_reply ? textOf(*m_reply) : QByteArray();
}

qint64 RedisReply::number() const noexcept
{
    return m_reply && m_reply->type == REDIS_REPLY_INTEGER ? m_reply->integer : 0;
}

size_t RedisReply::size() const noexcept
{
    return isArray() ? m_reply->elements : 0;
}

QByteArray RedisReply::textAt(size_t index) const
{
    return index < size() ? textOf(*m_reply->element[index]) : QByteArray();
}

Value RedisReply::valueAt(size_t index) const
{
    if (index >= size() || m_reply->element[index]->type == REDIS_REPLY_NIL)
        return std::nullopt;
    return textOf(*m_reply->element[index]);
}

qint64 RedisReply::numberAt(size_t index) const noexcept
{
    if (index >= size() || m_reply->element[index]->type != REDIS_REPLY_INTEGER)
        return 0;
    return m_reply->element[index]->integer;
}

std::vector<QByteArray> RedisReply::texts() const
{
    return m_reply ? textsOf(*m_reply) : std::vector<QByteArray>();
}

std::vector<QByteArray> RedisReply::textsAt(size_t index) const
{
    return index < size() ? textsOf(*m_reply->element[index]) : std::vector<QByteArray>();
}

} // namespace throughline
