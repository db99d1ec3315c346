// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dropper.h"

#include "engine/dropall.h"

namespace throughline {

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
    return m_redis.ensure().and_then(
        [&] { return dropKeys(m_redis.cache(), keys, m_settings.statementDeadline, progress).map([](qint64) {}); });
}

Result<void> Dropper::dropAll(const Progress &progress)
{
    return m_redis.ensure().and_then([&] {
        return throughline::dropAll(m_redis.context(), m_redis.cache(), m_keyspace, m_settings.statementDeadline,
                                    progress)
            .map([](qint64) {});
    });
}

} // namespace throughline
