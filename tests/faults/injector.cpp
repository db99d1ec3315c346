// SPDX-License-Identifier: GPL-3.0-or-later
#include "injector.h"

#include <QSet>

#include <algorithm>
#include <csignal>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

const QByteArray anyPrepared = QByteArray("\0wt_", 4); // the Bind message of a prepared statement
const QByteArray anyScript = "EVALSHA"_ba;

} // namespace

Injector::Injector(Fleet &fleet, FaultServers &servers, const Recorder &recorder, quint64 seed)
    : m_fleet(fleet)
    , m_servers(servers)
    , m_recorder(recorder)
    , m_random(seed)
{
    m_fleet.onSprung([this](const QByteArray &kind) { count(kind); });
    addWriterTraps();
    addNetworkFaults();
    addRedisFaults();
    addForeignSql();
    addUpkeepFaults();
    addStagedFaults();
    addWholeSystemFaults();
    for (const Kind &kind : m_kinds)
        m_counts.insert(kind.name, 0);
}

void Injector::injectNext()
{
    if (m_deck.empty()) {
        for (size_t index = 0; index < m_kinds.size(); ++index)
            m_deck.insert(m_deck.end(), static_cast<size_t>(m_kinds[index].weight), index);
        std::ranges::shuffle(m_deck, m_random);
    }
    // A fault that cannot happen now (its process is stopped) gives way to the next, and has its turn later.
    for (size_t tries = m_deck.size(); tries > 0; --tries) {
        const size_t index = m_deck.back();
        m_deck.pop_back();
        const Kind &kind = m_kinds[index];
        if (kind.inject()) {
            if (!kind.isTrap)
                count(kind.name);
            return;
        }
        m_deck.insert(m_deck.begin(), index);
    }
}

// A trap that nobody stepped into before the rest is set again after it.
void Injector::putBack(const QByteArray &name)
{
    const auto kind = std::ranges::find(m_kinds, name, &Kind::name);
    if (kind != m_kinds.end())
        m_deck.push_back(static_cast<size_t>(kind - m_kinds.begin()));
}

void Injector::count(const QByteArray &kind)
{
    // What was set for several processes has happened to one of them.
    for (Member &member : m_fleet.members()) {
        if (member.trap == kind) {
            member.trap.clear();
            member.process->order("disarm");
        }
    }
    ++m_counts[kind];
    m_recorder.mark(EventKind::Fault, kind);
}

void Injector::tend()
{
    std::vector<Ending> due;
    const auto later = std::ranges::partition(m_endings, [](const Ending &each) { return each.due > Clock::now(); });
    std::ranges::move(later, std::back_inserter(due));
    m_endings.erase(later.begin(), later.end());
    for (const Ending &each : due)
        each.end();
}

void Injector::endAll()
{
    for (const Ending &each : std::exchange(m_endings, {}))
        each.end();
    QSet<QByteArray> missed;
    for (Member &member : m_fleet.members()) {
        if (!member.trap.isEmpty())
            missed << std::exchange(member.trap, {});
        for (Proxy *proxy : {member.postgres.get(), member.redis.get()}) {
            if (!proxy)
                continue;
            proxy->disarm();
            proxy->deliver();
            proxy->setMode(Proxy::Mode::Pass);
        }
    }
    for (const QByteArray &kind : std::as_const(missed))
        putBack(kind);
    m_fleet.member("breaker").process->order("do mend");
}

void Injector::after(milliseconds time, std::function<void()> end)
{
    m_endings.push_back({Clock::now() + time, std::move(end)});
}

Member &Injector::any(const QByteArray &role)
{
    std::vector<Member *> found;
    for (Member &member : m_fleet.members()) {
        if (member.role == role)
            found.push_back(&member);
    }
    return *found[m_random() % found.size()];
}

bool Injector::check(const char *what, bool worked)
{
    if (!worked)
        m_failures << u"the fault %1 could not be made"_s.arg(QString::fromUtf8(what));
    return worked;
}

void Injector::addTrap(const char *name, const char *role, const char *order)
{
    const auto inject = [this, name, role, order] { return m_fleet.trap(any(role), name, order); };
    m_kinds.push_back({name, inject, true});
}

void Injector::addOrder(const char *name, const char *member, const char *order)
{
    add(name, [this, member, order] {
        Member &target = m_fleet.member(member);
        target.process->order(order);
        return target.process->look() == WorkerProcess::State::Running;
    });
}

void Injector::addProxyMode(const char *name, bool redis, Proxy::Mode mode, milliseconds lasting, const char *role)
{
    add(name, [this, redis, mode, lasting, role] {
        Member &member = any(role);
        Proxy *proxy = redis ? member.redis.get() : member.postgres.get();
        proxy->setMode(mode, milliseconds(mode == Proxy::Mode::Delay ? 60 : 0));
        after(lasting, [proxy] { proxy->setMode(Proxy::Mode::Pass); });
        return true;
    });
}

void Injector::addTrick(const char *name, bool redis, Proxy::Trick trick, const QByteArray &marker, milliseconds until,
                        const char *role)
{
    add(name, [this, redis, trick, marker, until, role] {
        Member &member = any(role);
        Proxy *proxy = redis ? member.redis.get() : member.postgres.get();
        proxy->arm(trick, {marker});
        after(until, [proxy] { proxy->deliver(); });
        return true;
    });
}

// Of keys that are deleted and added meanwhile; their names have nine characters, and no other's begin so.
void Injector::addLatePushes(const char *name, char mode)
{
    const auto inject = [this, mode] {
        for (const char *app : {"app1", "app2"}) {
            Proxy *proxy = m_fleet.member(app).redis.get();
            proxy->arm(Proxy::Trick::HoldRequest, {"$9\r\nusers:1", QByteArray("\r\n?\r\n").replace('?', mode)}, 6);
            after(milliseconds(5000), [proxy] {
                proxy->disarm();
                proxy->deliver();
            });
        }
        if (mode == 'F') // somebody has to miss first
            m_fleet.member("breaker").process->order("do storm");
        return true;
    };
    m_kinds.push_back({name, inject, false, 3});
}

void Injector::addWriterTraps()
{
    addTrap("T1 kill before the statement", "app", "kill BeforeStatement 3");
    addTrap("T1 kill after the statement was sent", "app", "kill StatementSent 3");
    addTrap("T1 kill after the commit", "app", "kill BeforePush 3");
    addTrap("T1 kill after the push", "app", "kill AfterPush 3");
    addTrap("T1 kill before a warm-up", "app", "kill BeforeFill 1");
    addTrap("T1 kill before the purge", "app", "kill BeforePurge 1");
    addTrap("T1 stop before the statement", "app", "stop BeforeStatement 3");
    addTrap("T1 stop after the statement was sent", "app", "stop StatementSent 3");
    addTrap("T1 stop after the commit", "app", "stop BeforePush 3");
    addTrap("T1 stop after the push", "app", "stop AfterPush 3");
    addTrap("T1 stop before the purge", "app", "stop BeforePurge 1");
    addTrap("T4 stop a reader before its fill", "own", "stop BeforeFill 1");
}

void Injector::addNetworkFaults()
{
    using enum Proxy::Trick;
    using enum Proxy::Mode;
    constexpr milliseconds soon{700};
    addTrick("T2 reply lost", false, LoseReply, anyPrepared, soon);
    addTrick("T2 request lost", false, LoseRequest, anyPrepared, soon);
    addTrick("T2 request arrives after the retry", false, HoldRequest, anyPrepared, milliseconds(600));
    addTrick("T2 request arrives much later", false, HoldRequest, anyPrepared, milliseconds(4000));
    addProxyMode("T2 replies lost for a while", false, DropReplies, soon);
    addProxyMode("T2 delayed", false, Delay, soon);
    addProxyMode("T2 black hole", false, BlackHole, soon);
    add("T2 connection cut", [this] {
        any("app").postgres->cut();
        return true;
    });
    add("T2 half open", [this] {
        Proxy *proxy = any("app").postgres.get();
        proxy->halfOpen();
        after(milliseconds(3500), [proxy] { proxy->setMode(Pass); });
        return true;
    });
    addTrick("T3 reply lost", true, LoseReply, anyScript, soon);
    addTrick("T3 request lost", true, LoseRequest, anyScript, soon);
    addLatePushes("T8 pushes arrive much later", 'U');
    addLatePushes("T8 pushes of deletes arrive much later", 'D');
    addLatePushes("T4 fills arrive much later", 'F');
    addProxyMode("T3 refused", true, Refuse, soon);
    addProxyMode("T3 black hole", true, BlackHole, soon);
    addProxyMode("T3 delayed", true, Delay, soon);
}

void Injector::addRedisFaults()
{
    addOrder("T3 script flush", "breaker", "do scriptflush");
    addOrder("T3 another type planted", "breaker", "do wrongtype");
    addOrder("T5 storm of deletes", "breaker", "do storm");
    const auto limited = [this](const char *order) {
        m_fleet.member("breaker").process->order(order);
        after(milliseconds(600), [this] { m_fleet.member("breaker").process->order("do mend"); });
        return true;
    };
    add("T3 out of memory", [limited] { return limited("do oom"); });
    add("T5 evictions", [limited] { return limited("do evict"); });
    add("T6 empty restart", [this] { return check("empty restart", m_servers.restartEmpty()); });
    const auto lossy = [this] {
        // W is 1 s here instead of 10: at most a fifth of it is lost, as 2 s of 10.
        return check("loss", m_servers.restartWithLoss(milliseconds(100 + m_random() % 100)));
    };
    m_kinds.push_back({"T6 restart with loss", lossy, false, 3});
    add("T6 restart with loss, twice", [lossy] { return lossy() && lossy(); });
    add("T6 restart from an old dump", [this] { return check("dump", m_servers.restartFromDump()); });
}

void Injector::addForeignSql()
{
    addOrder("T7 update", "psql", "do update");
    addOrder("T7 delete", "psql", "do delete");
    addOrder("T7 insert", "psql", "do insert");
    addOrder("T7 update of the key", "psql", "do updatekey");
    addOrder("T7 copy", "psql", "do copy");
    addOrder("T7 truncate is refused", "psql", "do truncate");
    addOrder("T7 long open transaction", "psql", "do opentransaction");
    addOrder("T7 rollback", "psql", "do rollback");
    addOrder("T7 version by hand", "psql", "do versionbyhand");
    addOrder("T7 repeatable read", "psql", "do repeatableread");
    addOrder("T7 one statement over 1200 rows", "psql", "do manyrows");
    addOrder("T7 own session without version", "psql", "do ownwithoutversion");
    addOrder("T7 own session with version", "psql", "do ownwithversion");
}

void Injector::addUpkeepFaults()
{
    addTrap("T9 kill after the claim", "gateway", "kill Claimed 1");
    addHalfPushed();
    addTrap("T9 kill before the confirmation", "gateway", "kill BeforeConfirm 1");
    addTrap("T9 stop after the claim", "gateway", "stop Claimed 1");
    add("T9 poll stopped", [this] {
        Member &gateway = any("gateway");
        m_fleet.stop(gateway);
        return true;
    });
    add("T9 owner lives without its lock", [this] {
        return m_servers.sql()
            .run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype='advisory' AND classid=7461 "
                 "ORDER BY random() LIMIT 1")
            .has_value();
    });
}

// Nobody knows who will claim the rows, so it waits for everybody who may.
void Injector::addHalfPushed()
{
    const QByteArray name = "T9 kill in the middle of a push";
    m_kinds.push_back({name,
                       [this, name] {
                           bool set = false;
                           for (Member &member : m_fleet.members()) {
                               if (member.role == "gateway" || member.role == "app")
                                   set = m_fleet.trap(member, name, "kill HalfPushed 1") || set;
                           }
                           m_fleet.member("psql").process->order("do manyrows");
                           return set;
                       },
                       true});
}

void Injector::addStagedFaults()
{
    addTrap("T11 kill after the take", "gateway", "kill StagedTaken 3");
    addTrap("T11 kill after the verdict", "gateway", "kill StagedDecided 3");
    addTrap("T11 kill before the answer", "gateway", "kill BeforeFinish 3");
    addTrap("T11 stop after the take", "gateway", "stop StagedTaken 3");
    addTrap("T11 stop after the verdict", "gateway", "stop StagedDecided 3");
    addTrap("T11 stop before the answer", "gateway", "stop BeforeFinish 3");
    add("T11 subscribers cut", [this] {
        for (const char *gateway : {"gateway1", "gateway2"})
            m_fleet.member(gateway).redis->cut();
        return true;
    });
    constexpr milliseconds soon{700};
    addTrick("T11 reply of Redis lost", true, Proxy::Trick::LoseReply, anyScript, soon, "gateway");
    addTrick("T11 request arrives much later", true, Proxy::Trick::HoldRequest, anyScript, milliseconds(4000),
             "gateway");
    addTrick("T11 reply of PostgreSQL lost", false, Proxy::Trick::LoseReply, anyPrepared, soon, "gateway");
    addTrick("T11 statement arrives much later", false, Proxy::Trick::HoldRequest, anyPrepared, milliseconds(4000),
             "gateway");
    addProxyMode("T11 black hole before Redis", true, Proxy::Mode::BlackHole, soon, "gateway");
    addOrder("T12 two merge", "staged", "do merge");
    addOrder("T12 one follows", "staged", "do follow");
    addOrder("T12 the same twice", "staged", "do twice");
    addOrder("T12 the same id for something else", "staged", "do other");
    addOrder("T13 refused", "staged", "do refused");
    addOrder("T13 without an id", "staged", "do withoutid");
    addOrder("T13 of the cache alone", "staged", "do cachealone");
    addOrder("T13 deadlock", "staged", "do deadlock");
    add("T13 PostgreSQL away for a while", [this] {
        for (const char *gateway : {"gateway1", "gateway2"}) {
            Proxy *proxy = m_fleet.member(gateway).postgres.get();
            proxy->setMode(Proxy::Mode::Refuse);
            proxy->cut();
            after(milliseconds(6000), [proxy] { proxy->setMode(Proxy::Mode::Pass); });
        }
        return true;
    });
}

void Injector::addWholeSystemFaults()
{
    m_kinds.push_back({"T14 bulk edit with a crash in the middle",
                       [this] {
                           Member &app = any("app");
                           const bool set =
                               m_fleet.trap(app, "T14 bulk edit with a crash in the middle", "kill BeforePush 15");
                           if (set)
                               app.process->order("do bulk");
                           return set;
                       },
                       true});
    addOrder("T14 bulk edit", "app1", "do bulk");
    add("T15 PostgreSQL killed and started", [this] { return check("PostgreSQL", m_servers.restartPostgres()); });
    add("T15 everything killed and started", [this] {
        m_fleet.killAll();
        return check("everything", m_servers.restartBoth());
    });
}

} // namespace throughline::faults
