// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet.h"

#include <QDir>
#include <QTest>

#include <algorithm>
#include <csignal>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

// Longer than the age from which a living owner is taken to hang (3 s here).
constexpr milliseconds stopTime{3500};
constexpr milliseconds patience{60'000};
constexpr int tickMs = 10;

} // namespace

bool waitUntil(milliseconds atMost, const std::function<bool()> &condition, const std::function<void()> &meanwhile)
{
    const Instant deadline = Clock::now() + atMost;
    while (!condition()) {
        if (Clock::now() > deadline)
            return false;
        QTest::qWait(tickMs);
        if (meanwhile)
            meanwhile();
    }
    return true;
}

Fleet::Fleet(FaultServers &servers, FleetOptions options)
    : m_servers(servers)
    , m_options(std::move(options))
    , m_sockets(u"/tmp/throughline-faults-XXXXXX"_s)
{
}

bool Fleet::start()
{
    const bool added = add("app1", "app", true) && add("app2", "app", true) && add("gateway1", "gateway", true) &&
                       add("gateway2", "gateway", true) && add("psql", "psql", false) && add("own", "own", false) &&
                       add("legacy", "legacy", false) && add("staged", "staged", false) &&
                       add("breaker", "breaker", false);
    if (!added)
        return false;
    const bool ready = waitUntil(
        patience, [&] { return everybodyAnswered("ready"); }, [&] { tend(); });
    if (!ready)
        m_error = u"not every process was ready in time"_s;
    return ready;
}

bool Fleet::add(const QByteArray &name, const QByteArray &role, bool throughProxies)
{
    Member &member = m_members.emplace_back();
    member.role = role;
    QString conninfo = m_servers.conninfo();
    QString redisUrl = m_servers.redisUrl();
    if (throughProxies) {
        const QString directory = m_sockets.filePath(QString::fromUtf8(name));
        QDir().mkdir(directory);
        member.postgres = std::make_unique<Proxy>(directory.toUtf8() + "/.s.PGSQL.5432", m_servers.postgresSocket());
        member.redis = std::make_unique<Proxy>(directory.toUtf8() + "/redis.sock", m_servers.redisSocket());
        if (!member.postgres->start() || !member.redis->start()) {
            m_error = u"no proxy for %1"_s.arg(QString::fromUtf8(name));
            return false;
        }
        conninfo += " host="_L1 + directory; // the later one counts
        redisUrl = "unix://"_L1 + directory + "/redis.sock"_L1;
    }
    const quint64 seed = m_options.seed * 1000 + m_members.size();
    const QStringList arguments{u"--role"_s,        QString::fromUtf8(role),
                                u"--history"_s,     m_options.history,
                                u"--pg"_s,          conninfo,
                                u"--redis"_s,       redisUrl,
                                u"--plain-pg"_s,    m_servers.conninfo(),
                                u"--plain-redis"_s, QString::fromUtf8(m_servers.redisSocket()),
                                u"--seed"_s,        QString::number(seed),
                                u"--mutation"_s,    m_options.mutation};
    member.process = std::make_unique<WorkerProcess>(m_options.program, name, arguments);
    return member.process->start();
}

void Fleet::tend()
{
    for (Member &member : m_members)
        tend(member);
}

void Fleet::tend(Member &member)
{
    const auto state = member.process->look();
    if (state != WorkerProcess::State::Running && !member.trap.isEmpty()) {
        if (m_sprung)
            m_sprung(std::exchange(member.trap, {}));
        if (state == WorkerProcess::State::Stopped)
            member.resumeAt = Clock::now() + stopTime;
    }
    if (state == WorkerProcess::State::Dead)
        revive(member);
    const bool due = member.resumeAt && Clock::now() > *member.resumeAt;
    if (state == WorkerProcess::State::Stopped && (due || !m_running)) {
        member.resumeAt.reset();
        member.process->signal(SIGCONT);
    }
}

void Fleet::revive(Member &member)
{
    if (const auto crash = member.process->crash(); crash && !m_crashes.contains(*crash))
        m_crashes << *crash;
    member.resumeAt.reset();
    // Its first order waits in the pipe until it is ready for it.
    if (member.process->start())
        member.process->order(m_running ? "run" : "pause");
}

void Fleet::run()
{
    m_running = true;
    for (Member &member : m_members)
        member.process->order("run");
}

bool Fleet::rest()
{
    m_running = false;
    for (Member &member : m_members) {
        member.trap.clear();
        member.process->clearAnswers();
        member.process->order("disarm");
        member.process->order("pause");
    }
    const bool resting = waitUntil(
        patience, [&] { return everybodyAnswered("pause"); }, [&] { tend(); });
    if (!resting)
        m_error = u"in time these did not come to rest: %1"_s.arg(silent("pause").join(u", "_s));
    return resting;
}

bool Fleet::everybodyAnswered(const QByteArray &answer)
{
    return std::ranges::all_of(m_members, [&](Member &member) { return member.process->hasAnswered(answer); });
}

QStringList Fleet::silent(const QByteArray &answer)
{
    QStringList names;
    for (Member &member : m_members) {
        if (!member.process->hasAnswered(answer))
            names << QString::fromUtf8(member.process->name());
    }
    return names;
}

Member &Fleet::member(const QByteArray &name)
{
    return *std::ranges::find_if(m_members, [&](const Member &each) { return each.process->name() == name; });
}

bool Fleet::trap(Member &member, const QByteArray &kind, const QByteArray &order)
{
    if (!member.trap.isEmpty() || member.process->look() != WorkerProcess::State::Running)
        return false;
    member.trap = kind;
    member.process->order(order);
    return true;
}

void Fleet::stop(Member &member)
{
    member.process->signal(SIGSTOP);
    member.resumeAt = Clock::now() + stopTime;
}

void Fleet::killAll()
{
    for (Member &member : m_members) {
        member.trap.clear();
        member.process->signal(SIGKILL);
    }
}

} // namespace throughline::faults
