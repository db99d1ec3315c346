// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/upkeep.h"

#include "base/faultpoint.h"
#include "base/logging.h"
#include "engine/rowpusher.h"

#include <QHash>
#include <QRandomGenerator>

#include <algorithm>

namespace throughline {

namespace {

constexpr milliseconds forgetInterval{60'000};
constexpr int claimsPerStep = 32;
constexpr int slowestPoll = 10; ///< times the interval, while a store is away

EngineSettings named(EngineSettings settings)
{
    settings.applicationName += QLatin1StringView(Upkeep::applicationSuffix);
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
    for (const Mapping &mapping : mappings) {
        m_tables.push_back(std::make_unique<CachedTable>(mapping, m_postgres, m_redis, settings));
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
        for (const auto &table : m_tables)
            table->recovered = false;
        m_nextOrphans = {};
    }
    return {};
}

Result<void> Upkeep::work()
{
    return recoverTables()
        .and_then([this] { return beat(); })
        .and_then([this] { return drain(); })
        .and_then([this] { return push(m_retained.takeUnpushed(m_connection)); })
        .and_then([this] { return confirm(); })
        .and_then([this] { return lookAround(); });
}

Result<void> Upkeep::recoverTables()
{
    m_report.recovering = false;
    for (const auto &table : m_tables) {
        if (table->recovered)
            continue;
        const auto recovered = m_recovery.recover(*table);
        if (!recovered)
            return Failure(recovered.error());
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
    }
    return {};
}

Result<void> Upkeep::drain()
{
    m_backlog = false;
    for (int i = 0; i < claimsPerStep; ++i) {
        const auto more = claim(false);
        if (!more)
            return Failure(more.error());
        m_backlog = *more;
        if (!*more)
            break;
    }
    if (m_backlog) {
        if (const auto dropped = dropWhatIsTooMuch(); !dropped)
            return dropped;
    }
    if (Clock::now() < m_nextOrphans)
        return {};
    for (;;) {
        const auto more = claim(true);
        if (!more)
            return Failure(more.error());
        if (!*more)
            break;
    }
    m_nextOrphans = Clock::now() + m_settings.orphanInterval;
    return {};
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
        const auto size = m_postgres.outbox().waiting({table->label}, late());
        if (!size)
            return Failure(size.error());
        if (size->keys <= m_settings.outboxLimit)
            continue;
        const auto rows = m_postgres.outbox().claimAll(table->label, m_settings.claimAge, late());
        if (!rows)
            return Failure(rows.error());
        qCInfo(lcEngine, "%s: %lld changed keys wait; the cached rows are dropped instead.", table->label.constData(),
               size->keys);
        ++m_report.tablesDropped;
        m_report.claimedRows += std::ssize(*rows);
        std::vector<RetainedPush> pushes;
        for (const OutboxRow &row : *rows)
            pushes.push_back({row.seq, {}, {}, row.label, {}, false, {}, 0});
        if (const auto pushed = push(std::move(pushes)); !pushed)
            return pushed;
    }
    return {};
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
    QHash<QByteArray, RowVersion> newest;
    bool dropAll = false;
    for (RetainedPush &push : pushes) {
        push.pushed = false;
        push.connection = m_connection;
        dropAll |= push.keys.empty();
        for (const OutboxKey &key : push.keys) {
            RowVersion &version = newest[key.key.text];
            version = std::max(version, key.version);
        }
    }
    if (dropAll) {
        if (const auto dropped = table.state.dropAll(late()); !dropped)
            return Failure(dropped.error());
    }
    std::vector<OutboxKey> keys;
    for (auto key = newest.cbegin(); key != newest.cend(); ++key)
        keys.push_back({{key.key()}, key.value()});
    RowPusher pusher(table.rows, table.cache, m_settings);
    const auto left = pusher.push(keys);
    if (!left)
        return Failure(left.error());
    const Instant now = Clock::now();
    for (RetainedPush &push : pushes) {
        push.pushed = std::ranges::none_of(push.keys, [&](const OutboxKey &key) {
            return std::ranges::find(*left, key.key, &OutboxKey::key) != left->end();
        });
        push.pushedAt = now;
    }
    m_report.pushedKeys += std::ssize(keys) - std::ssize(*left);
    return left->empty() ? Result<void>() : Failure(pusher.error().value_or(StoreError()));
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
    std::vector<qint64> seqs;
    for (const RetainedPush &push : safe)
        seqs.push_back(push.seq);
    // The answer proves that the connection which carried the pushes still leads to the same instance.
    const auto confirmed = m_tables.front()->state.ping(soon()).and_then(
        [&] { return m_postgres.outbox().confirmClaimed(seqs, m_settings.retention, late()); });
    if (!confirmed) {
        for (RetainedPush &push : safe)
            m_retained.add(std::move(push));
        return confirmed;
    }
    m_report.confirmedRows += std::ssize(safe);
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
        const auto done = connect()
                              .and_then([this] { return recoverTables(); })
                              .and_then([this] { return drain(); })
                              .and_then([this] { return push(m_retained.takeUnpushed(m_connection)); })
                              .and_then([this] { return beat(); })
                              .and_then([this]() -> Result<void> {
                                  std::vector<qint64> seqs;
                                  for (const RetainedPush &push : m_retained.takeAll())
                                      seqs.push_back(push.seq);
                                  return m_postgres.outbox().markClaimed(seqs, late());
                              })
                              .and_then([this] { return lookAround(); });
        m_report.error = done ? std::nullopt : std::optional(done.error());
        if (done && !m_report.recovering && m_report.waiting.rows == 0)
            return true;
        m_nextOrphans = m_nextLook = {};
        // A program that was killed a moment ago counts as alive until its server process has noticed.
        if (Clock::now() >= deadline || !pauseFor(m_settings.pollInterval, m_interrupt))
            return done && !m_report.recovering;
    }
}

} // namespace throughline
