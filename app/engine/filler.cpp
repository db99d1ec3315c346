// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filler.h"

#include "engine/readthrough.h"

#include <algorithm>

namespace throughline {

namespace {

constexpr int rowsPerFill = 1000;

} // namespace

Filler::Filler(Mapping mapping, const EngineSettings &settings, const Interrupt *interrupt)
    : m_mapping(std::move(mapping))
    , m_settings(settings)
    , m_postgres(m_mapping, settings, LinkRole::Reader, interrupt)
    , m_redis(m_mapping, settings, interrupt)
{
}

Result<void> Filler::open()
{
    return m_redis.ensure().and_then([&] { return m_postgres.ensure(); });
}

Result<qint64> Filler::fill(const std::vector<RowKey> &keys)
{
    const Instant deadline = Clock::now() + m_settings.statementDeadline;
    if (const auto opened = open(); !opened)
        return Failure(opened.error());
    std::vector<RowKey> usable;
    std::ranges::copy_if(keys, std::back_inserter(usable), isUsableKey);
    return ReadThrough(m_postgres, m_redis, m_settings).fill(usable, deadline);
}

Result<void> Filler::fillEach(std::span<const RowKey> keys, const Progress &progress)
{
    constexpr size_t most = rowsPerFill;
    FillCounts counts;
    for (size_t at = 0; at < keys.size(); at += most) {
        const auto step = keys.subspan(at, std::min(most, keys.size() - at));
        const auto filled = fill({step.begin(), step.end()});
        if (!filled)
            return Failure(filled.error());
        counts.rows += std::ssize(step);
        counts.filled += *filled;
        progress(counts);
    }
    return {};
}

Result<void> Filler::fillAfter(std::optional<RowKey> after, const Progress &progress)
{
    if (const auto opened = open(); !opened)
        return opened;
    FillCounts counts;
    for (;;) {
        const auto page =
            m_postgres.rows().keyVersionsAfter(after, rowsPerFill, Clock::now() + m_settings.statementDeadline);
        if (!page)
            return Failure(page.error());
        if (page->empty())
            return {};
        std::vector<RowKey> keys;
        for (const auto &[key, version] : *page)
            keys.push_back(key);
        const auto filled = fill(keys);
        if (!filled)
            return Failure(filled.error());
        counts.rows += std::ssize(keys);
        counts.filled += *filled;
        progress(counts);
        after = std::move(keys.back());
    }
}

} // namespace throughline
