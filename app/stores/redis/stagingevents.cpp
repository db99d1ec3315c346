// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/stagingevents.h"

#include "stores/redis/rediserror.h"

#include <algorithm>
#include <array>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds silence{5000}; ///< after so long the server is asked whether it is still there

/// The flags of notify-keyspace-events without which changes of hashes are not announced by key: A stands for all
/// types of event, but not for K.
QByteArray missingFlags(const QByteArray &flags)
{
    QByteArray missing;
    if (!flags.contains('K'))
        missing += 'K';
    if (!flags.contains('h') && !flags.contains('A'))
        missing += 'h';
    return missing;
}

/// The key has gone, because somebody took what was staged: announced where Redis announces more than it has to.
bool isDeparture(const QByteArray &event)
{
    return event == "rename_from" || event == "del" || event == "expired";
}

} // namespace

StagingEvents::StagingEvents(RedisOptions options, std::vector<QByteArray> patterns, bool mayConfigure,
                             const Interrupt *interrupt)
    : m_redis(options, interrupt)
    , m_patterns(std::move(patterns))
    , m_channel("__keyspace@" + QByteArray::number(options.url.database) + "__:")
    , m_connectTimeout(options.connectTimeout)
    , m_mayConfigure(mayConfigure)
{
}

Result<std::optional<bool>> StagingEvents::areAnnounced(RedisContext &redis, Instant deadline)
{
    const auto reply = redis.run({"CONFIG"_ba, "GET"_ba, "notify-keyspace-events"_ba}, deadline);
    if (!reply)
        return redis.isOpen() ? Result<std::optional<bool>>(std::nullopt) : Failure(reply.error());
    return missingFlags(reply->textAt(1)).isEmpty();
}

Result<void> StagingEvents::open()
{
    m_announces = false;
    if (const auto opened = m_redis.open(); !opened)
        return opened;
    const Instant deadline = Clock::now() + m_connectTimeout;
    const auto announces = configure(deadline);
    if (!announces)
        return Failure(announces.error());
    m_announces = *announces;
    m_heard = Clock::now();
    m_asked = false;
    return subscribe(deadline);
}

/// Whether changes are announced; who may not ask or change that is left with looking for himself.
Result<bool> StagingEvents::configure(Instant deadline)
{
    const auto reply = m_redis.run({"CONFIG"_ba, "GET"_ba, "notify-keyspace-events"_ba}, deadline);
    if (!reply)
        return m_redis.isOpen() ? Result<bool>(false) : Failure(reply.error());
    const QByteArray flags = reply->textAt(1);
    const QByteArray missing = missingFlags(flags);
    if (missing.isEmpty() || !m_mayConfigure)
        return missing.isEmpty();
    const auto set = m_redis.run({"CONFIG"_ba, "SET"_ba, "notify-keyspace-events"_ba, flags + missing}, deadline);
    return set || m_redis.isOpen() ? Result<bool>(set.has_value()) : Failure(set.error());
}

Result<void> StagingEvents::subscribe(Instant deadline)
{
    RedisCommand command{"PSUBSCRIBE"_ba};
    for (const QByteArray &pattern : m_patterns)
        command.push_back(m_channel + pattern);
    const auto replies =
        m_redis.send({&command, 1}, deadline).and_then([&] { return m_redis.receive(m_patterns.size(), deadline); });
    if (!replies)
        return Failure(replies.error());
    const auto refused = std::ranges::find_if(*replies, &RedisReply::isError);
    if (refused == replies->end())
        return {};
    m_redis.close();
    return Failure(rediserror::fromReply(refused->text()));
}

Result<std::vector<QByteArray>> StagingEvents::take(Instant deadline)
{
    const auto replies = m_redis.receiveSome(deadline);
    if (!replies)
        return Failure(replies.error());
    std::vector<QByteArray> names;
    for (const RedisReply &reply : *replies) {
        const QByteArray channel = reply.textAt(2);
        if (reply.textAt(0) == "pmessage" && channel.startsWith(m_channel) && !isDeparture(reply.textAt(3)))
            names.push_back(channel.sliced(m_channel.size()));
    }
    if (!names.empty())
        m_announces = true; // whatever it says of itself
    if (!replies->empty()) {
        m_heard = Clock::now();
        m_asked = false;
    } else if (const auto answers = checkAnswers(); !answers) {
        return Failure(answers.error());
    }
    return names;
}

/// A connection whose other end has vanished is silent, like one where nothing happens.
Result<void> StagingEvents::checkAnswers()
{
    const Instant now = Clock::now();
    if (now < m_heard + (m_asked ? 2 * silence : silence))
        return {};
    if (m_asked) {
        m_redis.close();
        return Failure(rediserror::lost(ErrorKind::Timeout, false));
    }
    m_asked = true;
    const RedisCommand ping{"PING"_ba};
    return m_redis.send({&ping, 1}, now + m_connectTimeout);
}

} // namespace throughline
