// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faultservers.h"
#include "proxy.h"
#include "workerprocess.h"

#include <functional>
#include <list>

namespace throughline::faults {

struct FleetOptions
{
    QString program; ///< faultworker
    QString history;
    quint64 seed = 1;
    QString mutation;
};

/// One process of the run with its way to the servers.
struct Member
{
    QByteArray role;
    std::unique_ptr<Proxy> postgres; ///< none for those who are not the program
    std::unique_ptr<Proxy> redis;
    std::unique_ptr<WorkerProcess> process;
    QByteArray trap; ///< the kind of fault that waits for the process to pass a point
    std::optional<Instant> resumeAt;
};

/// All processes of a run. Starts again what has been killed, and lets go on what has been stopped. Lives on the main
/// thread; its waits run the event loop.
class Fleet final
{
public:
    Fleet(FaultServers &servers, FleetOptions options);

    [[nodiscard]] bool start();
    /// To be called often.
    void tend();
    /// Everybody works.
    void run();
    /// Nobody begins anything; false when somebody did not come to rest in time.
    [[nodiscard]] bool rest();

    [[nodiscard]] Member &member(const QByteArray &name);
    [[nodiscard]] std::list<Member> &members() noexcept { return m_members; }
    /// Kills or stops the process when it passes the point; false while another trap waits there.
    bool trap(Member &member, const QByteArray &kind, const QByteArray &order);
    void stop(Member &member);
    void killAll();

    /// Called with the kind when a trap has sprung.
    void onSprung(std::function<void(const QByteArray &)> sprung) { m_sprung = std::move(sprung); }
    /// Processes that ended by themselves.
    [[nodiscard]] const QStringList &crashes() const noexcept { return m_crashes; }
    [[nodiscard]] const QString &error() const noexcept { return m_error; }

private:
    [[nodiscard]] bool add(const QByteArray &name, const QByteArray &role, bool throughProxies);
    void revive(Member &member);
    void tend(Member &member);
    [[nodiscard]] bool everybodyAnswered(const QByteArray &answer);
    [[nodiscard]] QStringList silent(const QByteArray &answer);

    FaultServers &m_servers;
    FleetOptions m_options;
    QTemporaryDir m_sockets;
    std::list<Member> m_members;
    std::function<void(const QByteArray &)> m_sprung;
    QStringList m_crashes;
    QString m_error;
    bool m_running = false;
};

/// Runs the event loop and `meanwhile` until the condition holds; false when it does not in time.
[[nodiscard]] bool waitUntil(milliseconds atMost, const std::function<bool()> &condition,
                             const std::function<void()> &meanwhile = {});

} // namespace throughline::faults
