// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stagedwrites.h"

#include <QUuid>

#include <algorithm>
#include <iterator>

namespace throughline {

namespace {

constexpr milliseconds longestWait{200}; ///< so that a request to end is seen soon
constexpr milliseconds lockTimeout{100}; ///< longer waits for one row would hold up all others
constexpr milliseconds longestRetry{1000};
constexpr milliseconds checkInterval{5000};
constexpr int scanPagesPerStep = 8;

EngineSettings named(EngineSettings settings)
{
    settings.applicationName += QLatin1StringView(StagedWrites::applicationSuffix);
    settings.lastRetry = std::min(settings.lastRetry, longestRetry);
    return settings;
}

std::vector<QByteArray> patternsOf(const std::vector<Mapping> &mappings)
{
    std::vector<QByteArray> patterns;
    for (const Mapping &mapping : mappings)
        patterns.push_back(Keyspace(mapping, {}).stagedPattern());
    return patterns;
}

} // namespace

StagedWrites::StagedWrites(const std::vector<Mapping> &mappings, const EngineSettings &settings,
                           const Interrupt *interrupt, Lane lane)
    : m_settings(named(settings))
    , m_interrupt(interrupt)
    , m_lane(lane)
    , m_postgres(mappings.front(), m_settings, LinkRole::Writer, interrupt)
    , m_redis(mappings.front(), m_settings, interrupt)
    , m_events({m_settings.redis, m_settings.applicationName, m_settings.connectTimeout}, patternsOf(mappings),
               m_settings.addsKeyspaceEvents, interrupt)
    , m_eventsBackoff(m_settings.firstRetry, m_settings.lastRetry)
{
    const QByteArray gateway = QUuid::createUuid().toByteArray(QUuid::Id128);
    for (const Mapping &mapping : mappings)
        m_carriers.push_back(
            std::make_unique<StagedCarrier>(mapping, prefixesOf(mappings), m_postgres, m_redis, m_settings, gateway));
}

void StagedWrites::step()
{
    m_report.error.reset();
    if (const auto open = connect(); !open) {
        m_report.error = open.error();
        std::ignore = pauseFor(longestWait, m_interrupt);
        return;
    }
    checkEvents();
    openEvents();
    listen(std::min(nextDue(), Clock::now() + longestWait));
    const auto done = scanSome().and_then([this] { return work(); });
    if (!done)
        m_report.error = done.error();
}

/// Nothing is taken from the clients while PostgreSQL is away: it waits where they have put it.
Result<void> StagedWrites::connect()
{
    if (const auto open = m_postgres.ensure(); !open)
        return open;
    if (m_postgres.connection().node() != m_node) {
        const auto set =
            StagedStore::tune(m_postgres.connection(), lockTimeout, Clock::now() + m_settings.readDeadline);
        if (!set)
            return set;
        m_node = m_postgres.connection().node();
    }
    if (const auto open = m_redis.ensure(); !open)
        return open;
    if (m_redis.number() != m_connection) {
        m_connection = m_redis.number();
        m_nextScan = {};
        m_scans.clear();
        for (const auto &carrier : m_carriers)
            carrier->reconnected();
    }
    return {};
}

/// Without announcements the scans find everything, a little later.
void StagedWrites::openEvents()
{
    if (m_events.isOpen() || !m_eventsBackoff.isDue(Clock::now()))
        return;
    if (const auto open = m_events.open(); !open) {
        m_eventsBackoff.failed(Clock::now());
        m_report.error = open.error();
        return;
    }
    m_eventsBackoff.succeeded();
    m_nextScan = {}; // what was staged before nobody has announced
    m_scans.clear();
}

/// Somebody may have changed what Redis announces.
void StagedWrites::checkEvents()
{
    const Instant now = Clock::now();
    if (!m_events.isOpen() || now < m_nextCheck)
        return;
    m_nextCheck = now + checkInterval;
    const auto announced = StagingEvents::areAnnounced(m_redis.context(), now + m_settings.readDeadline);
    if (announced && *announced && **announced != m_events.announces())
        m_events.close(); // it is opened again, and told to announce where that may be
}

Instant StagedWrites::nextDue() const
{
    if (!m_scans.empty())
        return Clock::now();
    Instant next = std::min(m_nextScan, m_nextUpkeep);
    for (const auto &carrier : m_carriers) {
        if (const auto due = carrier->queue().nextDue())
            next = std::min(next, *due);
    }
    return next;
}

void StagedWrites::listen(Instant until)
{
    if (!m_events.isOpen()) {
        const auto wait = std::chrono::ceil<milliseconds>(until - Clock::now());
        if (wait > milliseconds(0))
            std::ignore = pauseFor(wait, m_interrupt);
        return;
    }
    if (const auto names = m_events.take(until))
        notice(*names);
}

void StagedWrites::notice(const std::vector<QByteArray> &names)
{
    const Instant now = Clock::now();
    for (const QByteArray &name : names) {
        for (const auto &carrier : m_carriers) {
            if (const auto key = carrier->keyspace().keyOfStaged(name))
                notice(*carrier, *key, now);
        }
    }
}

void StagedWrites::notice(StagedCarrier &carrier, const RowKey &key, Instant now)
{
    if (qHash(key.text, size_t(0)) % m_lane.of == m_lane.number)
        carrier.queue().notice(key, now);
}

/// S0. A part at a time, so that a large database does not hold up what was announced.
Result<void> StagedWrites::scanSome()
{
    const Instant now = Clock::now();
    if (m_scans.empty()) {
        if (now < m_nextScan)
            return {};
        m_scanStarted = now;
        for (const auto &carrier : m_carriers)
            m_scans.emplace_back(m_redis.context(), carrier->keyspace(), KeyScan::Of::Staged);
    }
    for (size_t i = 0; i < m_scans.size(); ++i) {
        for (int page = 0; page < scanPagesPerStep && !m_scans[i].atEnd(); ++page) {
            const auto keys = m_scans[i].next(Clock::now() + m_settings.readDeadline);
            if (!keys)
                return Failure(keys.error());
            for (const RowKey &key : *keys)
                notice(*m_carriers[i], key, now);
        }
    }
    if (std::ranges::all_of(m_scans, &KeyScan::atEnd))
        finishScan();
    return {};
}

void StagedWrites::finishScan()
{
    m_scans.clear();
    // In a large database a scan takes long, and is not all that Redis has to do.
    const Instant now = Clock::now();
    const auto interval = announced() ? m_settings.stagedScanInterval : m_settings.stagedPollInterval;
    m_nextScan = std::max(m_scanStarted + interval, now + 4 * (now - m_scanStarted));
}

Result<void> StagedWrites::work()
{
    Result<void> result;
    for (const auto &carrier : m_carriers) {
        if (const auto done = carrier->work(); !done)
            result = done;
    }
    if (const Instant now = Clock::now(); now >= m_nextUpkeep) {
        m_nextUpkeep = now + m_settings.retention / 10;
        for (const auto &carrier : m_carriers)
            carrier->upkeep();
    }
    return result;
}

bool StagedWrites::finishOnce(Instant deadline)
{
    const auto isReady = [](const auto &carrier) {
        const auto due = carrier->queue().nextDue();
        return due && *due <= Clock::now();
    };
    m_nextScan = {};
    m_scans.clear();
    do {
        m_report.error.reset();
        const auto done = connect().and_then([this] { return scanSome(); }).and_then([this] { return work(); });
        if (!done) {
            m_report.error = done.error();
            return false;
        }
    } while ((!m_scans.empty() || std::ranges::any_of(m_carriers, isReady)) && Clock::now() < deadline);
    return std::ranges::none_of(m_carriers, isReady);
}

const StagedReport &StagedWrites::report()
{
    m_report.waiting = 0;
    for (const auto &carrier : m_carriers) {
        const StagedReport since = carrier->takeReport();
        if (since.error) // says more than what has followed from it
            m_report.error = since.error;
        m_report.add(since);
    }
    m_report.scanning = !announced();
    m_report.latency = StagedLatency::of(latency());
    return m_report;
}

LatencyHistogram StagedWrites::latency() const
{
    LatencyHistogram all;
    for (const auto &carrier : m_carriers)
        all.merge(carrier->latency());
    return all;
}

std::vector<StagedEvent> StagedWrites::takeEvents()
{
    std::vector<StagedEvent> events;
    for (const auto &carrier : m_carriers)
        std::ranges::move(carrier->takeEvents(), std::back_inserter(events));
    return events;
}

} // namespace throughline
