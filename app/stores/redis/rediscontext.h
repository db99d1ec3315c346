// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "domain/redisurl.h"
#include "stores/redis/commandbuffer.h"
#include "stores/redis/redisreply.h"

#include <memory>
#include <span>
#include <vector>

struct redisContext;

namespace throughline {

struct RedisOptions
{
    RedisUrl url;
    QString clientName;
    milliseconds connectTimeout{5000};
};

/// A command as its words, byte-exact.
using RedisCommand = std::vector<QByteArray>;

/// One Redis connection over TCP, TLS (where hiredis has it) or a Unix socket. Belongs to the thread that opens it.
/// Waits are our own poll, so that each has a deadline and can be interrupted.
class RedisContext final
{
public:
    RedisContext(RedisOptions options, const Interrupt *interrupt);
    ~RedisContext();
    RedisContext(const RedisContext &) = delete;
    RedisContext &operator=(const RedisContext &) = delete;

    /// Connects, logs in, selects the database and gives the connection its name.
    [[nodiscard]] Result<void> open() { return open(m_options.connectTimeout); }
    [[nodiscard]] Result<void> open(milliseconds timeout);
    void close();
    [[nodiscard]] bool isOpen() const noexcept { return m_context != nullptr; }

    /// Closes a connection that the server has ended. To be asked between commands only.
    [[nodiscard]] bool checkAlive();

    /// One command; an error reply is a failure, a lost or late one closes the connection.
    [[nodiscard]] Result<RedisReply> run(const RedisCommand &command, Instant deadline);
    /// Several commands in one round trip; error replies stand among the replies.
    [[nodiscard]] Result<std::vector<RedisReply>> pipeline(std::span<const RedisCommand> commands, Instant deadline);
    [[nodiscard]] Result<std::vector<RedisReply>> pipeline(const CommandBuffer &commands, Instant deadline);
    /// The same where the first error reply is a failure of them all; the others were carried out.
    [[nodiscard]] Result<std::vector<RedisReply>> runAll(std::span<const RedisCommand> commands, Instant deadline);

    // The halves of pipeline(), for what else can be done while the server answers. Nothing may be run in between; who
    // gives up in between leaves a connection that checkAlive() closes.
    [[nodiscard]] Result<void> send(std::span<const RedisCommand> commands, Instant deadline);
    [[nodiscard]] Result<std::vector<RedisReply>> receive(size_t count, Instant deadline);
    /// What the server sends unasked, to a subscriber: waits for the first of it and takes what is there by then; none
    /// when nothing has come by the deadline.
    [[nodiscard]] Result<std::vector<RedisReply>> receiveSome(Instant deadline);

    /// From INFO; empty when the server does not say.
    [[nodiscard]] QString serverVersion(Instant deadline);
    /// "cache1.example.net:6379" or the socket's path; never user or password.
    [[nodiscard]] QString address() const;

private:
    [[nodiscard]] Result<void> connectSocket(Instant deadline);
    [[nodiscard]] Result<void> logIn(Instant deadline);
    [[nodiscard]] Result<void> flush(Instant deadline);
    [[nodiscard]] Result<RedisReply> nextReply(Instant deadline);
    [[nodiscard]] Result<void> await(WaitFor what, Instant deadline, bool sent);
    [[nodiscard]] Failure drop(ErrorKind kind, bool sent);

    struct Free
    {
        void operator()(redisContext *context) const noexcept;
    };

    RedisOptions m_options;
    const Interrupt *m_interrupt;
    std::unique_ptr<redisContext, Free> m_context;
};

} // namespace throughline
