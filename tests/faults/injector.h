// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet.h"

#include <QMap>

#include <random>

namespace throughline::faults {

/// Deals the faults of PROTOCOL.md, section 13: every kind once or a few times, in an order of its own, then all again.
/// Lives on the main thread.
class Injector final
{
public:
    Injector(Fleet &fleet, FaultServers &servers, const Recorder &recorder, quint64 seed);

    void injectNext();
    /// Ends what lasts a while and is due.
    void tend();
    /// Ends all of it.
    void endAll();

    /// How often each kind has happened. A trap counts when it springs.
    [[nodiscard]] const QMap<QByteArray, int> &counts() const noexcept { return m_counts; }
    [[nodiscard]] const QStringList &failures() const noexcept { return m_failures; }

private:
    struct Kind
    {
        QByteArray name;
        std::function<bool()> inject; ///< false: not now
        bool isTrap = false;          ///< counted when it springs
        int weight = 1;               ///< how often it is in the deck
    };
    struct Ending
    {
        Instant due;
        std::function<void()> end;
    };

    void addWriterTraps();
    void addNetworkFaults();
    void addRedisFaults();
    void addForeignSql();
    void addUpkeepFaults();
    void addHalfPushed();
    void addStagedFaults();
    void addWholeSystemFaults();
    void addTrap(const char *name, const char *role, const char *order);
    void addOrder(const char *name, const char *member, const char *order);
    void addProxyMode(const char *name, bool redis, Proxy::Mode mode, milliseconds lasting, const char *role = "app");
    void addTrick(const char *name, bool redis, Proxy::Trick trick, const QByteArray &marker, milliseconds until,
                  const char *role = "app");
    void addLatePushes(const char *name, char mode);
    void add(const char *name, std::function<bool()> inject) { m_kinds.push_back({name, std::move(inject)}); }

    [[nodiscard]] Member &any(const QByteArray &role);
    void after(milliseconds time, std::function<void()> end);
    void count(const QByteArray &kind);
    void putBack(const QByteArray &name);
    bool check(const char *what, bool worked);

    Fleet &m_fleet;
    FaultServers &m_servers;
    const Recorder &m_recorder;
    std::mt19937_64 m_random;
    std::vector<Kind> m_kinds;
    std::vector<size_t> m_deck;
    std::vector<Ending> m_endings;
    QMap<QByteArray, int> m_counts;
    QStringList m_failures;
};

} // namespace throughline::faults
