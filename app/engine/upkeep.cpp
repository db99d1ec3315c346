// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/upkeep.h"

#include "base/faultpoint.h"
#include "base/logging.h"
#include "engine/dropall.h"
#include "engine/rowpusher.h"

#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <span>

namespace throughline {

namespace {

constexpr milliseconds forgetInterval{60'000};
constexpr milliseconds longestRetry{1000};
constexpr milliseconds recoveryInterval{1000};
constexpr size_t seqsPerStatement = 20'000;
constexpr int claimsPerStep = 32;
constexpr int slowestPoll = 10; ///< times the interval, while a store is away

std::vector<qint64> seqsOf(std::span<const RetainedPush> pushes)
{
    std::vector<qint64> seqs;
    seqs.reserve(pushes.size());
    for (const RetainedPush &push : pushes)
        seqs.push_back(push.seq);
    return seqs;
}

EngineSettings named(EngineSettings settings)
{
    settings.applicationName += QLatin1StringView(Upkeep::applicationSuffix);
    settings.lastRetry = std::min(settings.lastRetry, longestRetry); // readers wait for a recovery
    return settings;
}

} // namespace

Upkeep::Upkeep(const std::vector<Mapping> &mappings, const EngineSettings &settings, const Interrupt *interrupt)
    : m_settings(named(settings))
    , m_interrupt(interrupt)
    , m_postgres(mappings.front(), m_settings, LinkRole::Writer, interrupt)
    , m_redis(mappings.front(), m_settings, interrupt)
    , m_recovery(m_postgres, m_redis, m_settings)
    , m_retained(settings.retention)
    , m_interval(settings.pollInterval)
{
    const std::vector<QByteArray> prefixes = prefixesOf(mappings);
    for (const Mapping &mapping : mappings) {
        m_tables.push_back(std::make_unique<CachedTable>(mapping, prefixes, m_postgres, m_redis, m_settings));
        m_labels << m_tables.back()->label;
    }
}

Instant Upkeep::soon() const
{
    return Clock::now() + m_settings.readDeadline;
}

Instant Upkeep::late() const
{
    return Clock::now() + m_settings.statementDeadline;
}

milliseconds Upkeep::untilDue() const
{
    return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(m_nextStep - Clock::now()));
}

Result<void> Upkeep::recover()
{
    return connect().and_then([this] { return recoverTables(); }).and_then([this] { return beat(); });
}

const UpkeepReport &Upkeep::step()
{
    const auto done = connect().and_then([this] { return work(); });
    m_report.error = done ? std::nullopt : std::optional(done.error());
    planNext(!done);
    return m_report;
}

void Upkeep::planNext(bool failed)
{
    if (failed)
        m_interval = std::min(m_interval * 2, m_settings.pollInterval * slowestPoll);
    else
        m_interval = m_settings.pollInterval;
    // Programs that started together do not stay in step.
    const double jitter = 0.8 + 0.4 * QRandomGenerator::global()->generateDouble();
    const auto wait = std::chrono::duration_cast<nanoseconds>(m_interval * jitter);
    m_nextStep = m_backlog && !failed ? Clock::now() : Clock::now() + wait;
}

Result<void> Upkeep::connect()
{
    if (const auto open = m_postgres.ensure(); !open)
        return open;
    if (const auto open = m_redis.ensure(); !open)
        return open;
    if (m_postgres.connection().node() != m_node) {
        // What the old node had claimed belongs to an ended node now, and is claimed like every other such row.
        m_node = m_postgres.connection().node();
        m_retained.clear();
        m_nextOrphans = {};
    }
    if (m_redis.number() != m_connection) {
        m_connection = m_redis.number();
        m_nextRecovery = {};
        for (const auto &table : m_tables)
            table->recovered = false;
        m_nextOrphans = {};
    }
    return {};
}

/// One part that is refused does not keep the others from their work; a connection that is gone does.
Result<void> Upkeep::work()
{
    Result<void> result;
    const std::array parts{&Upkeep::recoverTables, &Upkeep::beat,    &Upkeep::drain,
                           &Upkeep::repeatPushes,  &Upkeep::confirm, &Upkeep::lookAround};
    for (const auto part : parts) {
        const auto done = (this->*part)();
        if (!done && result)
            result = done;
        if (!m_postgres.connection().isOpen() || !m_redis.context().isOpen())
            break;
    }
    return result;
}

Result<void> Upkeep::repeatPushes()
{
    return push(m_retained.takeUnpushed(m_connection));
}

Result<void> Upkeep::recoverTables()
{
    m_report.recovering = std::ranges::any_of(m_tables, [](const auto &table) { return !table->recovered; });
    if (!m_report.recovering || Clock::now() < m_nextRecovery)
        return m_recoveryRefused ? Failure(*m_recoveryRefused) : Result<void>();
    m_recoveryRefused.reset();
    m_report.recovering = false;
    for (const auto &table : m_tables) {
        if (table->recovered)
            continue;
        const auto recovered = m_recovery.recover(*table);
        if (!recovered) {
            m_report.recovering = true;
            m_recoveryRefused = recovered.error();
            m_nextRecovery = Clock::now() + recoveryInterval;
            return Failure(recovered.error());
        }
        table->recovered = *recovered;
        m_report.recovering |= !*recovered;
    }
    return {};
}

Result<void> Upkeep::beat()
{
    if (Clock::now() < m_nextBeat)
        return {};
    m_nextBeat = Clock::now() + m_settings.heartbeatInterval;
    const auto now = m_postgres.outbox().clock(late());
    if (!now)
        return Failure(now.error());
    for (const auto &table : m_tables) {
        // Not before the recovery, which reads from the old heartbeat how much was lost.
        if (!table->recovered)
            continue;
        if (const auto set = table->state.setHeartbeat(*now, soon()); !set && set.error().dropConnection())
            return set;
        // A FLUSHALL takes the mark away without a restart; until it stands again nobody fills.
        if (const auto instance = table->state.instance(soon()); instance && !instance->recovered)
            table->recovered = false;
    }
    return {};
}

Result<void> Upkeep::drain()
{
    const auto foreign = claimSome(false);
    if (!foreign)
        return Failure(foreign.error());
    m_backlog = *foreign;
    if (Clock::now() >= m_nextOrphans) {
        const auto orphans = claimSome(true);
        if (!orphans)
            return Failure(orphans.error());
        if (!*orphans)
            m_nextOrphans = Clock::now() + m_settings.orphanInterval;
        m_backlog |= *orphans;
    }
    return m_backlog ? dropWhatIsTooMuch() : Result<void>();
}

/// A bounded number of claims, so that the rest of the work has its turn; true when there is more.
Result<bool> Upkeep::claimSome(bool orphans)
{
    for (int i = 0; i < claimsPerStep; ++i) {
        const auto more = claim(orphans);
        if (!more || !*more)
            return more;
    }
    return true;
}

/// D1 to D3 for one handful of rows; true when there were more.
Result<bool> Upkeep::claim(bool orphans)
{
    auto rows = orphans ? m_postgres.outbox().claimOrphaned(m_labels, m_settings.claimAge, late())
                        : m_postgres.outbox().claimForeign(m_labels, late());
    if (!rows)
        return Failure(rows.error());
    if (rows->empty())
        return false;
    faultPoint(FaultPoint::Claimed);
    m_report.claimedRows += std::ssize(*rows);
    std::vector<RetainedPush> pushes;
    for (const OutboxRow &row : *rows) {
        RetainedPush push{row.seq, {}, {}, row.label, {}, false, {}, 0};
        for (const RowKey &key : row.keys)
            push.keys.push_back({key, {row.seq}});
        pushes.push_back(std::move(push));
    }
    if (const auto pushed = push(std::move(pushes)); !pushed)
        return Failure(pushed.error());
    return std::ssize(*rows) >= OutboxStore::claimSize;
}

/// So much waits that reading the rows again on demand is cheaper than pushing every one of them.
Result<void> Upkeep::dropWhatIsTooMuch()
{
    for (const auto &table : m_tables) {
        const auto keys = m_postgres.outbox().claimableKeys(table->label, m_settings.claimAge, late());
        if (!keys)
            return Failure(keys.error());
        if (*keys <= m_settings.outboxLimit)
            continue;
        qCInfo(lcEngine, "%s: %lld changed keys wait; the cached rows are dropped instead.", table->label.constData(),
               *keys);
        ++m_report.tablesDropped;
        if (const auto claimed = claimInBulk(*table); !claimed)
            return claimed;
    }
    return {};
}

Result<void> Upkeep::claimInBulk(const CachedTable &table)
{
    std::vector<RetainedPush> pushes;
    for (;;) {
        const auto rows = m_postgres.outbox().claimBulk(table.label, m_settings.claimAge, late());
        if (!rows) {
            for (RetainedPush &push : pushes)
                m_retained.add(std::move(push));
            return Failure(rows.error());
        }
        m_report.claimedRows += std::ssize(*rows);
        for (const OutboxRow &row : *rows)
            pushes.push_back({row.seq, {}, {}, row.label, {}, false, {}, 0});
        if (std::ssize(*rows) < OutboxStore::bulkSize)
            return push(std::move(pushes));
    }
}

/// Pushes what it can and remembers all of it, pushed or not.
Result<void> Upkeep::push(std::vector<RetainedPush> pushes)
{
    Result<void> result;
    for (const auto &table : m_tables) {
        std::vector<RetainedPush> ofTable;
        std::ranges::copy_if(pushes, std::back_inserter(ofTable),
                             [&](const RetainedPush &push) { return push.label == table->label; });
        if (ofTable.empty())
            continue;
        if (const auto pushed = pushTable(*table, ofTable); !pushed)
            result = pushed;
        for (RetainedPush &push : ofTable)
            m_retained.add(std::move(push));
    }
    return result;
}

Result<void> Upkeep::pushTable(CachedTable &table, std::vector<RetainedPush> &pushes)
{
    if (std::ranges::any_of(pushes, [](const RetainedPush &push) { return push.keys.empty(); })) {
        const auto dropped = dropAll(m_redis.context(), table.cache, table.keyspace, m_settings.statementDeadline);
        if (!dropped) {
            for (RetainedPush &push : pushes)
                push.pushed = false;
            return Failure(dropped.error());
        }
    }
    RowPusher pusher(table.rows, table.cache, m_settings);
    const auto pushed = pusher.push(std::span(pushes), m_connection);
    m_report.pushedKeys += pushed.value_or(0);
    if (!pushed)
        return Failure(pushed.error());
    return pusher.error() ? Failure(*pusher.error()) : Result<void>();
}

// D4
Result<void> Upkeep::confirm()
{
    if (Clock::now() < m_nextConfirm)
        return {};
    m_nextConfirm = Clock::now() + m_settings.retention / 10;
    auto safe = m_retained.takeSafe(Clock::now(), m_connection);
    if (safe.empty())
        return {};
    faultPoint(FaultPoint::BeforeConfirm);
    for (size_t begin = 0; begin < safe.size(); begin += seqsPerStatement) {
        const std::span some(safe.begin() + static_cast<std::ptrdiff_t>(begin),
                             std::min(seqsPerStatement, safe.size() - begin));
        // The answer proves that the connection which carried the pushes still leads to the same instance.
        const auto confirmed = m_tables.front()->state.ping(soon()).and_then(
            [&] { return m_postgres.outbox().confirmClaimed(seqsOf(some), m_settings.retention, late()); });
        if (!confirmed) {
            for (RetainedPush &push : std::span(safe).subspan(begin))
                m_retained.add(std::move(push));
            return confirmed;
        }
        m_report.confirmedRows += std::ssize(some);
    }
    return {};
}

/// What is rare: forgetting what nobody asks for any more (D5), and the size of the outbox.
Result<void> Upkeep::lookAround()
{
    const Instant now = Clock::now();
    if (now >= m_nextForget) {
        m_nextForget = now + forgetInterval;
        if (const auto forgotten = m_postgres.outbox().forget(m_settings.journalKeep, late()); !forgotten)
            return forgotten;
    }
    if (now < m_nextLook)
        return {};
    m_nextLook = now + m_settings.orphanInterval;
    const auto size = m_postgres.outbox().waiting(m_labels, late());
    if (!size)
        return Failure(size.error());
    m_report.waiting = *size;
    return {};
}

bool Upkeep::finishOnce(Instant deadline)
{
    for (;;) {
        const auto done = connect().and_then([this] { return takeOver(); });
        m_report.error = done ? std::nullopt : std::optional(done.error());
        if (done && !m_report.recovering && m_report.waiting.rows == 0)
            return true;
        // A program that was killed a moment ago counts as alive until its server process has noticed; what others
        // that live have still to push is theirs.
        if (Clock::now() >= deadline || !pauseFor(m_settings.pollInterval, m_interrupt))
            return done && !m_report.recovering;
    }
}

Result<void> Upkeep::takeOver()
{
    m_nextOrphans = m_nextLook = m_nextBeat = m_nextRecovery = {};
    do {
        if (const auto drained = recoverTables().and_then([this] { return drain(); }); !drained)
            return drained;
        if (m_interrupt && m_interrupt->isRaised())
            break;
    } while (m_backlog);
    if (const auto pushed = repeatPushes(); !pushed)
        return pushed;
    auto pushes = m_retained.takeAll();
    if (const auto marked = m_postgres.outbox().markClaimed(seqsOf(pushes), late()); !marked) {
        for (RetainedPush &push : pushes)
            m_retained.add(std::move(push));
        return marked;
    }
    return beat().and_then([this] { return lookAround(); });
}

} // namespace throughline
