// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dropper.h"

#include <algorithm>

namespace throughline {

namespace {

constexpr size_t keysPerCommand = 500;

} // namespace

Dropper::Dropper(Mapping mapping, const EngineSettings &settings, const std::vector<QByteArray> &otherPrefixes,
                 const Interrupt *interrupt)
    : m_mapping(std::move(mapping))
    , m_settings(settings)
    , m_keyspace(m_mapping, otherPrefixes)
    , m_redis(m_mapping, settings, interrupt)
{
}

Result<void> Dropper::drop(const std::vector<RowKey> &keys, const Progress &progress)
{
    m_dropped = 0;
    return m_redis.ensure().and_then([&] { return dropChunk(keys, progress); });
}

Result<void> Dropper::dropAll(const Progress &progress)
{
    m_dropped = 0;
    // A lease may stand alone, after a miss that nobody has filled yet.
    return m_redis.ensure().and_then([&] { return dropFound(KeyScan::Of::Hashes, progress); }).and_then([&] {
        return dropFound(KeyScan::Of::Leases, progress);
    });
}

Result<void> Dropper::dropFound(KeyScan::Of of, const Progress &progress)
{
    KeyScan scan(m_redis.context(), m_keyspace, of);
    while (!scan.atEnd()) {
        const auto keys = scan.next(Clock::now() + m_settings.statementDeadline);
        if (!keys)
            return Failure(keys.error());
        if (const auto dropped = dropChunk(*keys, progress); !dropped)
            return dropped;
    }
    return {};
}

Result<void> Dropper::dropChunk(std::span<const RowKey> keys, const Progress &progress)
{
    for (size_t at = 0; at < keys.size(); at += keysPerCommand) {
        const auto dropped = m_redis.cache().drop(keys.subspan(at, std::min(keysPerCommand, keys.size() - at)),
                                                  Clock::now() + m_settings.statementDeadline);
        if (!dropped)
            return Failure(dropped.error());
        m_dropped += *dropped;
        progress(m_dropped);
    }
    return {};
}

} // namespace throughline
