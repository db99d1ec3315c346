// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/rediscontext.h"

#include "stores/redis/rediserror.h"
#include "stores/redis/redistls.h"

#include <QCoreApplication>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <hiredis/hiredis.h>
#include <sys/socket.h>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

// Word lists of hiredis are pointers and lengths.
int append(redisContext *context, const RedisCommand &command)
{
    std::vector<const char *> words;
    std::vector<size_t> lengths;
    words.reserve(command.size());
    lengths.reserve(command.size());
    for (const QByteArray &word : command) {
        words.push_back(word.constData());
        lengths.push_back(static_cast<size_t>(word.size()));
    }
    return redisAppendCommandArgv(context, static_cast<int>(command.size()), words.data(), lengths.data());
}

} // namespace

void RedisContext::Free::operator()(redisContext *context) const noexcept
{
    redisFree(context);
}

RedisContext::RedisContext(RedisOptions options, const Interrupt *interrupt)
    : m_options(std::move(options))
    , m_interrupt(interrupt)
{
}

RedisContext::~RedisContext() = default;

QString RedisContext::address() const
{
    const RedisUrl &url = m_options.url;
    if (url.transport == RedisUrl::Transport::Unix)
        return url.socketPath;
    return url.host + u':' + QString::number(url.port);
}

QString RedisContext::serverVersion(Instant deadline)
{
    static constexpr QByteArrayView name("redis_version:"); // Valkey answers it too
    const auto info = run({"INFO"_ba, "server"_ba}, deadline);
    const QByteArray text = info ? info->text() : QByteArray();
    const qsizetype at = text.indexOf(name);
    if (at < 0)
        return {};
    const qsizetype start = at + name.size();
    return QString::fromLatin1(text.mid(start, text.indexOf('\r', start) - start));
}

void RedisContext::close()
{
    m_context.reset();
}

Failure RedisContext::drop(ErrorKind kind, bool sent)
{
    close();
    return Failure(rediserror::lost(kind, sent));
}

bool RedisContext::checkAlive()
{
    // Nothing is owed to an idle connection, so a readable socket is one that has ended.
    // (TLS has records of its own on its mind and is left alone.)
    if (m_options.url.transport == RedisUrl::Transport::Tls)
        return m_context != nullptr;
    if (m_context && waitFor(m_context->fd, WaitFor::Read, Clock::now(), nullptr) == WaitResult::Ready)
        close();
    return m_context != nullptr;
}

Result<void> RedisContext::open(milliseconds timeout)
{
    close();
    // hiredis writes without MSG_NOSIGNAL: a peer that has gone would kill the process.
    std::signal(SIGPIPE, SIG_IGN);
    const bool tls = m_options.url.transport == RedisUrl::Transport::Tls;
    if (tls && !redistls::isSupported())
        return Failure(redistls::unsupported());
    const Instant deadline = Clock::now() + timeout;
    if (const auto connected = connectSocket(deadline); !connected)
        return connected;
    if (tls) {
        if (const auto secured = redistls::start(m_context.get(), m_options.url.host, deadline, m_interrupt);
            !secured) {
            close();
            return secured;
        }
    }
    if (const auto ready = logIn(deadline); !ready) {
        close();
        return ready;
    }
    return {};
}

Result<void> RedisContext::connectSocket(Instant deadline)
{
    const RedisUrl &url = m_options.url;
    // Non-blocking from the start: hiredis' own waits know no interrupt. Host names are still resolved blockingly.
    m_context.reset(url.transport == RedisUrl::Transport::Unix
                        ? redisConnectUnixNonBlock(url.socketPath.toLocal8Bit().constData())
                        : redisConnectNonBlock(url.host.toUtf8().constData(), url.port));
    if (!m_context)
        return Failure(rediserror::fromConnect(address(), u"out of memory"_s));
    if (m_context->err) {
        const QString reason = QString::fromLocal8Bit(m_context->errstr);
        close();
        return Failure(rediserror::fromConnect(address(), reason));
    }
    if (waitFor(m_context->fd, WaitFor::Write, deadline, m_interrupt) != WaitResult::Ready) {
        close();
        return Failure(rediserror::fromConnect(address(), u"no answer in time"_s));
    }
    int code = 0;
    socklen_t size = sizeof code;
    getsockopt(m_context->fd, SOL_SOCKET, SO_ERROR, &code, &size);
    if (code != 0) {
        close();
        return Failure(rediserror::fromConnect(address(), QString::fromLocal8Bit(std::strerror(code))));
    }
    // A failure would be left in the context as an error of the connection: never on a Unix socket, which has none.
    if (url.transport != RedisUrl::Transport::Unix && redisEnableKeepAlive(m_context.get()) != REDIS_OK)
        return drop(ErrorKind::ConnectionLost, false);
    return {};
}

Result<void> RedisContext::logIn(Instant deadline)
{
    const RedisUrl &url = m_options.url;
    if (!url.password.isEmpty()) {
        RedisCommand auth{"AUTH"_ba};
        if (!url.user.isEmpty())
            auth.push_back(url.user.toUtf8());
        auth.push_back(url.password.toUtf8());
        if (const auto done = run(auth, deadline); !done)
            return Failure(done.error());
    }
    if (url.database != 0) {
        if (const auto done = run({"SELECT"_ba, QByteArray::number(url.database)}, deadline); !done)
            return Failure(done.error());
    }
    // PING tells at once whether the server wants a log-in that we were not given.
    if (const auto done = run({"PING"_ba}, deadline); !done)
        return Failure(done.error());
    // The name is a courtesy to whoever reads CLIENT LIST; a user who may not set it is no failure.
    if (const auto named = run({"CLIENT"_ba, "SETNAME"_ba, m_options.clientName.toUtf8()}, deadline);
        !named && named.error().dropConnection())
        return Failure(named.error());
    return {};
}

Result<RedisReply> RedisContext::run(const RedisCommand &command, Instant deadline)
{
    return runAll({&command, 1}, deadline).map([](std::vector<RedisReply> replies) {
        return std::move(replies.front());
    });
}

Result<std::vector<RedisReply>> RedisContext::runAll(std::span<const RedisCommand> commands, Instant deadline)
{
    auto replies = pipeline(commands, deadline);
    if (!replies)
        return replies;
    const auto refused = std::ranges::find_if(*replies, &RedisReply::isError);
    return refused == replies->end() ? std::move(replies) : Failure(rediserror::fromReply(refused->text()));
}

Result<std::vector<RedisReply>> RedisContext::pipeline(std::span<const RedisCommand> commands, Instant deadline)
{
    return send(commands, deadline).and_then([&] { return receive(commands.size(), deadline); });
}

Result<std::vector<RedisReply>> RedisContext::pipeline(const CommandBuffer &commands, Instant deadline)
{
    if (!m_context)
        return Failure(rediserror::lost(ErrorKind::Unreachable, false));
    const std::string &bytes = commands.bytes();
    if (redisAppendFormattedCommand(m_context.get(), bytes.data(), bytes.size()) != REDIS_OK)
        return drop(ErrorKind::ConnectionLost, false);
    return flush(deadline).and_then([&] { return receive(commands.commands(), deadline); });
}

Result<void> RedisContext::send(std::span<const RedisCommand> commands, Instant deadline)
{
    if (!m_context)
        return Failure(rediserror::lost(ErrorKind::Unreachable, false));
    for (const RedisCommand &command : commands) {
        if (append(m_context.get(), command) != REDIS_OK)
            return drop(ErrorKind::ConnectionLost, false);
    }
    return flush(deadline);
}

Result<std::vector<RedisReply>> RedisContext::receive(size_t count, Instant deadline)
{
    if (!m_context)
        return Failure(rediserror::lost(ErrorKind::Unreachable, false));
    std::vector<RedisReply> replies;
    replies.reserve(count);
    while (replies.size() < count) {
        auto reply = nextReply(deadline);
        if (!reply)
            return Failure(reply.error());
        replies.push_back(std::move(*reply));
    }
    // The server has become a replica: whoever is the master now answers at the same address, or soon does.
    if (std::ranges::any_of(
            replies, [](const RedisReply &reply) { return reply.isError() && reply.text().startsWith("READONLY"); }))
        close();
    return replies;
}

Result<std::vector<RedisReply>> RedisContext::receiveSome(Instant deadline)
{
    if (!m_context)
        return Failure(rediserror::lost(ErrorKind::Unreachable, false));
    std::vector<RedisReply> replies;
    for (;;) {
        void *reply = nullptr;
        if (redisGetReplyFromReader(m_context.get(), &reply) != REDIS_OK)
            return drop(ErrorKind::Protocol, true);
        if (reply) {
            replies.emplace_back(static_cast<redisReply *>(reply));
            continue;
        }
        const WaitResult waited =
            waitFor(m_context->fd, WaitFor::Read, replies.empty() ? deadline : Clock::now(), m_interrupt);
        if (waited == WaitResult::Interrupted)
            return drop(ErrorKind::Interrupted, false);
        if (waited == WaitResult::Timeout)
            return replies;
        if (redisBufferRead(m_context.get()) != REDIS_OK)
            return drop(ErrorKind::ConnectionLost, true);
    }
}

Result<void> RedisContext::flush(Instant deadline)
{
    for (;;) {
        int done = 0;
        if (redisBufferWrite(m_context.get(), &done) != REDIS_OK)
            return drop(ErrorKind::ConnectionLost, true);
        if (done)
            return {};
        if (const auto ready = await(WaitFor::Write, deadline, true); !ready)
            return ready;
    }
}

Result<RedisReply> RedisContext::nextReply(Instant deadline)
{
    for (;;) {
        void *reply = nullptr;
        if (redisGetReplyFromReader(m_context.get(), &reply) != REDIS_OK)
            return drop(ErrorKind::Protocol, true);
        if (reply)
            return RedisReply(static_cast<redisReply *>(reply));
        if (const auto ready = await(WaitFor::Read, deadline, true); !ready)
            return Failure(ready.error());
        if (redisBufferRead(m_context.get()) != REDIS_OK)
            return drop(ErrorKind::ConnectionLost, true);
    }
}

Result<void> RedisContext::await(WaitFor what, Instant deadline, bool sent)
{
    switch (waitFor(m_context->fd, what, deadline, m_interrupt)) {
    case WaitResult::Ready:
        return {};
    case WaitResult::Timeout:
        return drop(ErrorKind::Timeout, sent);
    case WaitResult::Interrupted:
        break;
    }
    return drop(ErrorKind::Interrupted, sent);
}

} // namespace throughline
