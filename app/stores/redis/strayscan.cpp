// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/strayscan.h"

#include "stores/redis/rediserror.h"

#include <algorithm>
#include <functional>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

using IsStray = std::function<bool(const QByteArray &)>;

/// Adds the names of a pattern that are stray.
Result<void> scan(RedisContext &redis, const QByteArray &pattern, const IsStray &isStray, size_t atMost,
                  Instant deadline, std::vector<QByteArray> &found)
{
    QByteArray cursor = "0"_ba;
    do {
        const auto reply = redis.run({"SCAN"_ba, cursor, "MATCH"_ba, pattern, "COUNT"_ba, "1000"_ba}, deadline);
        if (!reply)
            return Failure(reply.error());
        if (reply->size() != 2)
            return Failure(rediserror::unexpected());
        cursor = reply->textAt(0);
        for (const QByteArray &name : reply->textsAt(1)) {
            if (found.size() < atMost && isStray(name) && std::ranges::find(found, name) == found.end())
                found.push_back(name);
        }
    } while (cursor != "0" && found.size() < atMost);
    return {};
}

} // namespace

Result<std::vector<QByteArray>> strayKeys(RedisContext &redis, const Keyspace &keyspace, size_t atMost,
                                          Instant deadline)
{
    std::vector<QByteArray> found;
    const auto looksStaged = [&](const QByteArray &name) { return keyspace.looksStaged(name); };
    // The answer to a write without an id, as the recipe for RedisGears gave it.
    const auto answersNobody = [](const QByteArray &name) { return name.endsWith("}None"); };
    return scan(redis, keyspace.looksStagedPattern(), looksStaged, atMost, deadline, found)
        .and_then([&] { return scan(redis, keyspace.bracedPattern(), answersNobody, atMost, deadline, found); })
        .map([&] { return std::move(found); });
}

} // namespace throughline
