// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/redisprobe.h"

#include <hiredis/hiredis.h>

#include <memory>
#include <poll.h>
#include <utility>

namespace throughline {

namespace {

using Reply = std::unique_ptr<redisReply, decltype(&freeReplyObject)>;

bool isReadable(int fd)
{
    pollfd wait{fd, POLLIN, 0};
    return poll(&wait, 1, 0) > 0;
}

} // namespace

RedisProbe::RedisProbe(QByteArray socket, QByteArray password)
    : m_socket(std::move(socket))
    , m_password(std::move(password))
{
}

RedisProbe::~RedisProbe()
{
    disconnect();
}

bool RedisProbe::look()
{
    if (!m_context && !connectAndSend()) {
        disconnect();
        return false;
    }
    if (!isReadable(m_context->fd))
        return false;
    const bool answered = readReplies();
    if (!answered && m_context && m_context->err != 0)
        disconnect();
    return answered;
}

bool RedisProbe::connectAndSend()
{
    m_context = redisConnectUnixNonBlock(m_socket.constData());
    if (!m_context || m_context->err != 0)
        return false;
    if (!m_password.isEmpty())
        redisAppendCommand(m_context, "AUTH %s", m_password.constData());
    redisAppendCommand(m_context, "PING");
    int done = 0;
    return redisBufferWrite(m_context, &done) == REDIS_OK && done != 0;
}

bool RedisProbe::readReplies()
{
    if (redisBufferRead(m_context) != REDIS_OK)
        return false;
    void *raw = nullptr;
    while (redisGetReplyFromReader(m_context, &raw) == REDIS_OK && raw) {
        const Reply reply(static_cast<redisReply *>(raw), &freeReplyObject);
        if (reply->type == REDIS_REPLY_STATUS && qstrcmp(reply->str, "PONG") == 0)
            return true;
        // Still loading its data: asked again over a new connection.
        if (reply->type == REDIS_REPLY_ERROR) {
            disconnect();
            return false;
        }
    }
    return false;
}

void RedisProbe::disconnect()
{
    if (m_context)
        redisFree(std::exchange(m_context, nullptr));
}

} // namespace throughline
