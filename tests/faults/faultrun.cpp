// SPDX-License-Identifier: GPL-3.0-or-later
#include "faultrun.h"

#include "directed.h"

#include <QCoreApplication>
#include <QDir>
#include <QTest>

#include <algorithm>
#include <cstdio>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds longestRound{20};
constexpr milliseconds betweenFaults{1600};
constexpr std::chrono::minutes betweenFailovers{5};
constexpr milliseconds drainTime{30'000};
constexpr int tickMs = 10;

} // namespace

FaultRun::FaultRun(RunOptions options)
    : m_options(std::move(options))
    , m_history(m_options.keep.isEmpty() ? m_temporary.path() : m_options.keep)
{
    m_nextFailover = Clock::now() + betweenFailovers / 2;
    QDir().mkpath(m_history);
    forgetHistory();
}

Tally FaultRun::execute()
{
    if (!start())
        return m_tally;
    std::printf("The times of the protocol run at a tenth: 1 s of retention, of which a restart of Redis loses at most "
                "0.2 s.\n");
    const Instant end = Clock::now() + m_options.duration;
    while (Clock::now() < end && m_tally.clean()) {
        round(std::min(end, Clock::now() + longestRound));
        finishRound();
        if (m_tally.clean() && Clock::now() > m_nextFailover)
            failOver();
    }
    m_tally.faults.insert(m_injector->counts());
    for (const QString &failure : m_injector->failures())
        fail(u"Harness: "_s + failure);
    for (const QString &crash : m_fleet->crashes())
        fail(u"Crash: "_s + crash);
    return m_tally;
}

bool FaultRun::start()
{
    m_recorder = std::make_unique<Recorder>(m_history, "controller");
    m_servers = std::make_unique<FaultServers>(*m_recorder);
    if (!m_servers->start(m_options.mutation == "NEXTVALFROM"_L1)) {
        fail(u"Harness: the servers cannot be used: "_s + m_servers->error());
        return false;
    }
    m_reader = std::make_unique<StoreReader>(m_servers->sql(), m_servers->redis());
    const FleetOptions options{QCoreApplication::applicationDirPath() + "/faultworker"_L1, m_history, m_options.seed,
                               m_options.mutation};
    m_fleet = std::make_unique<Fleet>(*m_servers, options);
    m_injector = std::make_unique<Injector>(*m_fleet, *m_servers, *m_recorder, m_options.seed);
    const auto stores = m_reader->stores();
    if (!stores || !m_fleet->start()) {
        fail(u"Harness: "_s + m_fleet->error());
        return false;
    }
    m_before = baselineOf(*stores);
    std::ignore = m_reader->newAudit();
    return true;
}

void FaultRun::stepAside()
{
    QTest::qWait(tickMs);
    m_fleet->tend();
    m_injector->tend();
    m_servers->sampleLog();
    m_servers->lookForRecovery();
}

void FaultRun::round(Instant end)
{
    m_servers->keepDump();
    m_fleet->run();
    Instant next = Clock::now() + betweenFaults;
    while (Clock::now() < end) {
        stepAside();
        if (Clock::now() < next)
            continue;
        m_injector->injectNext();
        next = Clock::now() + betweenFaults;
    }
}

bool FaultRun::comeToRest()
{
    m_injector->endAll();
    if (!m_fleet->rest()) {
        fail(u"Harness: "_s + m_fleet->error());
        return false;
    }
    // Drained, recovered, and every transaction that a lost client left is over.
    const auto quiet = [&] {
        const auto busy = m_servers->sql().run(
            "SELECT count(*) FROM pg_stat_activity WHERE state<>'idle' AND pid<>pg_backend_pid() AND "
            "backend_type='client backend' AND datname=current_database() AND query NOT LIKE '%wt_outbox%'");
        return m_reader->undrained().value_or(1) == 0 && m_reader->staged().value_or(1) == 0 &&
               m_servers->isRecovered() && busy && busy->front().front() == "0";
    };
    std::ignore = waitUntil(drainTime, quiet, [&] { stepAside(); });
    return true;
}

// T10 has servers of its own: the running history cannot follow its processes to another primary.
void FaultRun::failOver()
{
    m_nextFailover = Clock::now() + betweenFailovers;
    if (m_inADrain)
        m_tally.add(primaryLostInADrain(), "T10 primary lost in a drain");
    else
        m_tally.add(primaryLostInAStatement(), "T10 primary lost in a statement");
    m_inADrain = !m_inADrain;
}

Record FaultRun::collect()
{
    Record record;
    record.before = m_before;
    record.events = loadHistory(m_history);
    auto audit = m_reader->newAudit();
    auto verdicts = m_reader->newVerdicts();
    auto stores = m_reader->stores();
    if (!audit || !verdicts || !stores) {
        fail(u"Harness: the stores cannot be read: "_s + QString::fromUtf8(m_reader->error()));
        return record;
    }
    record.audit = std::move(*audit);
    record.verdicts = std::move(*verdicts);
    record.after = std::move(*stores);
    return record;
}

void FaultRun::finishRound()
{
    if (!comeToRest())
        return;
    const Record record = collect();
    m_tally.add(record);
    m_before = baselineOf(record.after);
    if (m_tally.clean())
        forgetHistory();
}

// The processes append, so their files may be emptied under them.
void FaultRun::forgetHistory() const
{
    const QFileInfoList files = QDir(m_history).entryInfoList({u"*.log"_s}, QDir::Files);
    for (const QFileInfo &file : files)
        QFile::resize(file.filePath(), 0);
}

} // namespace throughline::faults
