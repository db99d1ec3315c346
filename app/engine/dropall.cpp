// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dropall.h"

#include "stores/redis/keyscan.h"

#include <algorithm>

namespace throughline {

namespace {

constexpr size_t keysPerCommand = 500;

} // namespace

Result<qint64> dropKeys(RowCache &cache, std::span<const RowKey> keys, milliseconds perCommand,
                        const std::function<void(qint64)> &progress)
{
    qint64 dropped = 0;
    for (size_t at = 0; at < keys.size(); at += keysPerCommand) {
        const auto some =
            cache.drop(keys.subspan(at, std::min(keysPerCommand, keys.size() - at)), Clock::now() + perCommand);
        if (!some)
            return some;
        dropped += *some;
        if (progress)
            progress(dropped);
    }
    return dropped;
}

Result<qint64> dropAll(RedisContext &redis, RowCache &cache, const Keyspace &keyspace, milliseconds perCommand,
                       const std::function<void(qint64)> &progress)
{
    qint64 dropped = 0;
    for (const KeyScan::Of what : {KeyScan::Of::Leases, KeyScan::Of::Hashes}) {
        KeyScan scan(redis, keyspace, what);
        while (!scan.atEnd()) {
            const auto found = scan.next(Clock::now() + perCommand);
            if (!found)
                return Failure(found.error());
            const std::span keys(*found);
            for (size_t at = 0; at < keys.size(); at += keysPerCommand) {
                const auto some =
                    cache.drop(keys.subspan(at, std::min(keysPerCommand, keys.size() - at)), Clock::now() + perCommand);
                if (!some)
                    return Failure(some.error());
                dropped += *some;
            }
            if (progress && !keys.empty())
                progress(dropped);
        }
    }
    return dropped;
}

} // namespace throughline
