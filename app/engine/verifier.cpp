// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/verifier.h"

#include "stores/redis/keyscan.h"

#include <QCoreApplication>

#include <algorithm>

namespace throughline {

namespace {

constexpr int rowsPerPage = 1000;
constexpr size_t keysPerLook = 500;

StoreError interrupted()
{
    StoreError error;
    error.kind = ErrorKind::Interrupted;
    error.message = QCoreApplication::translate("Verifier", "The comparison was broken off.");
    return error;
}

/// Nearly every row is. The others are compared by type.
bool isSpelledTheSame(const Row &row, const CachedRow &cached)
{
    return cached.state == CachedRow::State::Hash && cached.values == row.values &&
           cached.version == QByteArray::number(row.version.number);
}

std::vector<RowKey> cacheableKeys(const std::vector<Row> &rows)
{
    std::vector<RowKey> keys;
    keys.reserve(rows.size());
    for (const Row &row : rows) {
        if (isUsableKey(row.key))
            keys.push_back(row.key);
    }
    return keys;
}

template <class T, class Work>
Result<void> inChunks(const std::vector<T> &all, Work work)
{
    const std::span<const T> rest(all);
    for (size_t at = 0; at < rest.size(); at += keysPerLook) {
        if (const auto done = work(rest.subspan(at, std::min(keysPerLook, rest.size() - at))); !done)
            return done;
    }
    return {};
}

} // namespace

Verifier::Verifier(Mapping mapping, const EngineSettings &settings, VerifyOptions options, const Interrupt *interrupt)
    : m_mapping(std::move(mapping))
    , m_settings(settings)
    , m_options(std::move(options))
    , m_interrupt(interrupt)
    , m_postgres(m_mapping, settings, LinkRole::Reader, interrupt)
    , m_redis(m_mapping, settings, interrupt)
    , m_filler(m_mapping, settings, interrupt)
    , m_suspects(m_options.settleTime)
    , m_start(Clock::now())
{
}

Instant Verifier::late() const
{
    return Clock::now() + m_settings.statementDeadline;
}

VerifyReport Verifier::verifyAll()
{
    begin();
    const auto rows = open().and_then([&] { return compareRows(); });
    return finish(rows.and_then([&] { return findOrphans(); }));
}

VerifyReport Verifier::verify(const std::vector<RowKey> &keys)
{
    begin();
    m_report.estimatedRows = std::ssize(keys);
    return finish(open().and_then([&] { return inChunks(keys, [&](auto chunk) { return compareKeys(chunk); }); }));
}

void Verifier::begin()
{
    m_report = {};
    m_start = Clock::now();
}

VerifyReport Verifier::finish(const Result<void> &compared)
{
    if (const auto done = compared.and_then([&] { return settleSuspects(); }); !done)
        m_report.error = done.error();
    m_report.unsettled += std::ssize(m_suspects.takeAll()); // not looked at again
    m_report.elapsedS = std::chrono::duration<double>(Clock::now() - m_start).count();
    return m_report;
}

Result<void> Verifier::open()
{
    return m_postgres.ensure().and_then([&] { return m_redis.ensure(); });
}

Result<void> Verifier::compareRows()
{
    const auto estimate = m_postgres.rows().estimatedCount(late());
    if (!estimate)
        return Failure(estimate.error());
    m_report.estimatedRows = *estimate;
    // By key, page after page, rather than in one long transaction: that would hold up VACUUM, and its rows would be
    // the older the longer it lasts.
    auto page = rowsAfter(std::nullopt);
    while (page && !page->empty()) {
        const std::vector<RowKey> keys = cacheableKeys(*page);
        if (const auto asked = m_redis.cache().askLook(keys, depth(), late()); !asked)
            return asked;
        auto next = rowsAfter(page->back().key); // while Redis answers
        const auto cached = m_redis.cache().takeLook(keys, depth(), late());
        if (!cached)
            return Failure(cached.error());
        comparePage(*page, *cached);
        if (m_suspects.full()) {
            if (const auto settled = settleSuspects(); !settled)
                return settled;
        }
        page = std::move(next);
    }
    return page ? Result<void>() : Failure(page.error());
}

Result<std::vector<Row>> Verifier::rowsAfter(const std::optional<RowKey> &after)
{
    if (!m_options.quick)
        return m_postgres.rows().rowsAfter(after, rowsPerPage, late());
    const auto versions = m_postgres.rows().keyVersionsAfter(after, rowsPerPage, late());
    if (!versions)
        return Failure(versions.error());
    std::vector<Row> rows;
    rows.reserve(versions->size());
    for (const auto &[key, version] : *versions)
        rows.push_back({key, version, {}});
    return rows;
}

/// `cached` holds a hash for each row that can have one.
void Verifier::comparePage(const std::vector<Row> &rows, const std::vector<CachedRow> &cached)
{
    auto next = cached.begin();
    for (const Row &row : rows) {
        ++m_report.rows;
        if (!isUsableKey(row.key)) {
            ++m_report.notCached;
            continue;
        }
        const CachedRow &hash = *next++;
        const RowComparison comparison = compare(&row, hash);
        m_report.notCached += comparison.row == RowDifference::NotCached;
        if (comparison.isFault())
            m_suspects.add({row.key, comparison, hash.state, hash.version, row.version}, 1, Clock::now());
    }
    showProgress();
}

CacheDepth Verifier::depth() const
{
    return m_options.quick ? CacheDepth::Version : CacheDepth::Fields;
}

RowComparison Verifier::compare(const Row *row, const CachedRow &cached) const
{
    if (m_options.quick)
        return compareVersion(row ? std::optional(row->version) : std::nullopt, cached);
    if (row && isSpelledTheSame(*row, cached))
        return {RowDifference::Same, {}, false};
    return compareRow(m_mapping, row ? std::optional(*row) : std::nullopt, cached);
}

Result<void> Verifier::findOrphans()
{
    KeyScan scan(m_redis.context(), Keyspace(m_mapping, m_options.otherPrefixes), KeyScan::Of::Hashes);
    while (!scan.atEnd()) {
        const auto keys = scan.next(late());
        if (!keys)
            return Failure(keys.error());
        const auto orphans = withoutRow(*keys);
        if (!orphans)
            return Failure(orphans.error());
        const auto looks = lookAt(*orphans);
        if (!looks)
            return Failure(looks.error());
        suspectFaultsIn(*looks);
        if (m_suspects.full()) {
            if (const auto settled = settleSuspects(); !settled)
                return settled;
        }
        showProgress();
    }
    return {};
}

Result<std::vector<RowKey>> Verifier::withoutRow(const std::vector<RowKey> &keys)
{
    if (keys.empty())
        return keys;
    auto missing = m_postgres.rows().keysWithoutRow(keys, late());
    if (missing || missing.error().kind != ErrorKind::InvalidValue)
        return missing;
    // One of the names cannot be a key. PostgreSQL does not say which; that one is not ours.
    std::vector<RowKey> found;
    for (const RowKey &key : keys) {
        auto one = m_postgres.rows().keysWithoutRow({key}, late());
        if (one)
            found.insert(found.end(), one->begin(), one->end());
        else if (one.error().kind != ErrorKind::InvalidValue)
            return one;
    }
    return found;
}

Result<void> Verifier::compareKeys(std::span<const RowKey> keys)
{
    const auto looks = lookAt({keys.begin(), keys.end()});
    if (!looks)
        return Failure(looks.error());
    m_report.rows += std::ssize(keys);
    m_report.notCached += std::ranges::count_if(
        *looks, [](const KeyLook &look) { return look.comparison.row == RowDifference::NotCached; });
    suspectFaultsIn(*looks);
    showProgress();
    return {};
}

void Verifier::suspectFaultsIn(const std::vector<KeyLook> &looks)
{
    for (const KeyLook &look : looks) {
        if (look.comparison.isFault())
            m_suspects.add(look, 1, Clock::now());
    }
}

Result<std::vector<KeyLook>> Verifier::lookAt(const std::vector<RowKey> &keys)
{
    if (keys.empty())
        return {};
    // Redis first: a row that is read later can only be newer than its hash.
    const auto cached = m_redis.cache().look(keys, depth(), late());
    if (!cached)
        return Failure(cached.error());
    const auto rows = m_postgres.rows().rows(keys, late());
    if (!rows)
        return Failure(rows.error());
    QHash<RowKey, const Row *> byKey;
    for (const Row &row : *rows)
        byKey.insert(row.key, &row);
    std::vector<KeyLook> looks;
    for (size_t i = 0; i < keys.size(); ++i) {
        const Row *row = byKey.value(keys[i]);
        const CachedRow &hash = (*cached)[i];
        looks.push_back({keys[i], compare(row, hash), hash.state, hash.version, row ? row->version : RowVersion()});
    }
    return looks;
}

Result<void> Verifier::settleSuspects()
{
    while (m_suspects.size() > 0) {
        if (const auto waited = waitUntil(m_suspects.due()); !waited)
            return waited;
        const std::vector<Suspect> suspects = m_suspects.takeAll();
        m_report.unsettled += std::ssize(suspects); // until they are judged
        if (const auto looked = inChunks(suspects, [&](auto chunk) { return lookAgain(chunk); }); !looked)
            return looked;
    }
    return {};
}

Result<void> Verifier::lookAgain(std::span<const Suspect> suspects)
{
    std::vector<RowKey> keys;
    std::ranges::transform(suspects, std::back_inserter(keys), &Suspect::key);
    const auto looks = lookAt(keys);
    if (!looks)
        return Failure(looks.error());
    std::vector<KeyLook> differing;
    for (size_t i = 0; i < suspects.size(); ++i) {
        const KeyLook &look = (*looks)[i];
        --m_report.unsettled;
        switch (judge(suspects[i], look)) {
        case NextLook::Agrees:
            break;
        case NextLook::Differs:
            m_report.add(look.key, look.comparison);
            differing.push_back(look);
            break;
        case NextLook::Changing:
            m_suspects.add(look, suspects[i].looks + 1, Clock::now());
            break;
        case NextLook::Unsettled:
            ++m_report.unsettled;
            break;
        }
    }
    showProgress();
    return m_options.repair && !differing.empty() ? repair(differing) : Result<void>();
}

/// Dropping is always right; the fill runs under leases, beside any writer.
Result<void> Verifier::repair(const std::vector<KeyLook> &differing)
{
    std::vector<RowKey> keys;
    std::ranges::transform(differing, std::back_inserter(keys), &KeyLook::key);
    const auto dropped = m_redis.cache().drop(keys, late());
    if (!dropped)
        return Failure(dropped.error());
    const auto filled = m_filler.fill(keys);
    if (!filled)
        return Failure(filled.error());
    const auto looks = lookAt(keys);
    if (!looks)
        return Failure(looks.error());
    for (size_t i = 0; i < keys.size(); ++i) {
        const Suspect before{keys[i], differing[i].state, differing[i].version, differing[i].rowVersion};
        m_report.repaired += judge(before, (*looks)[i]) != NextLook::Differs;
    }
    return {};
}

/// A wait that a signal ends.
Result<void> Verifier::waitUntil(Instant due) const
{
    constexpr int noSocket = -1;
    if (waitFor(noSocket, WaitFor::Read, due, m_interrupt) == WaitResult::Interrupted)
        return Failure(interrupted());
    return {};
}

void Verifier::showProgress()
{
    if (!m_options.progress)
        return;
    m_report.elapsedS = std::chrono::duration<double>(Clock::now() - m_start).count();
    m_options.progress(m_report);
}

} // namespace throughline
