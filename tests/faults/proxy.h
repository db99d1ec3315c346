// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <QByteArrayList>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

struct pollfd;

namespace throughline::faults {

/// A bad network between a program and its server, both on Unix sockets. A thread of its own carries the bytes; the
/// functions may be called from any other thread.
class Proxy final
{
public:
    /// What happens to everything, until the next mode. Pass ends what the others began: a connection that has lost
    /// bytes is cut then.
    enum class Mode {
        Pass,
        Delay,        ///< both directions arrive later
        DropReplies,  ///< the server's bytes are lost
        DropRequests, ///< the client's bytes are lost
        BlackHole,    ///< nothing moves, nobody is told
        Refuse,       ///< connections are ended at once
    };
    /// What happens to the next requests that hold every marker.
    enum class Trick {
        LoseReply,   ///< the server does it, the client is cut when the reply arrives
        LoseRequest, ///< the client is cut, the server never sees it
        HoldRequest, ///< the client is cut, the server gets it at deliver()
    };

    Proxy(QByteArray listenPath, QByteArray serverPath);
    ~Proxy();
    Proxy(const Proxy &) = delete;
    Proxy &operator=(const Proxy &) = delete;

    /// False when it cannot listen.
    [[nodiscard]] bool start();
    void setMode(Mode mode, milliseconds delay = {});
    /// Ends every connection, on both sides.
    void cut();
    /// Ends the clients' sides only: the server keeps a silent client, until the next cut() or mode.
    void halfOpen();
    void arm(Trick trick, QByteArrayList markers, int times = 1);
    void disarm();
    /// Gives the held requests to the server; it gets to finish them.
    void deliver();
    /// How many pieces the clients have sent: one for each command or statement.
    [[nodiscard]] int requests() const noexcept { return m_requests; }
    /// How many tricks have been played. A held request counts when it is held.
    [[nodiscard]] int played() const noexcept { return m_played; }
    /// How many held requests the server has answered or refused.
    [[nodiscard]] int delivered() const noexcept { return m_delivered; }

private:
    struct Chunk
    {
        Instant due;
        QByteArray bytes;
    };
    /// One direction of a connection.
    struct Lane
    {
        std::deque<Chunk> waiting;
        bool ended = false; ///< nothing more comes in
    };
    struct Link
    {
        int client = -1;
        int server = -1;
        Lane toServer;
        Lane toClient;
        bool tainted = false;     ///< bytes are missing: of no more use when the mode ends
        bool replyIsLost = false; ///< cut at the next reply
        bool clientIsGone = false;
        QByteArray held;
        bool delivering = false;
    };

    void run();
    void applyOrders();
    [[nodiscard]] std::vector<pollfd> watched() const;
    [[nodiscard]] int patience() const;
    void acceptClients();
    void readClient(Link &link);
    void readServer(Link &link);
    void play(Link &link, const QByteArray &bytes);
    void writeDue(int fd, Lane &lane);
    void finish(Link &link);
    void closeClient(Link &link);
    void close(Link &link);
    void obeyed(std::unique_lock<std::mutex> &lock);
    void wake() const;

    QByteArray m_listenPath;
    QByteArray m_serverPath;
    int m_listener = -1;
    int m_wake = -1;
    std::thread m_thread;
    std::list<Link> m_links; ///< of the thread

    // What the thread works by; a copy of the orders.
    Mode m_mode = Mode::Pass;
    milliseconds m_delay{0};

    std::mutex m_mutex;
    std::condition_variable m_applied;
    struct Orders
    {
        quint64 given = 0;
        quint64 applied = 0;
        bool stop = false;
        bool cut = false;
        bool halfOpen = false;
        bool deliver = false;
        bool modeChanged = false;
        Mode mode = Mode::Pass;
        milliseconds delay{0};
        int armed = 0; ///< how many more times
        Trick trick = Trick::LoseReply;
        QByteArrayList markers;
    } m_orders;
    std::atomic<int> m_requests{0};
    std::atomic<int> m_played{0};
    std::atomic<int> m_delivered{0};
    bool m_stopping = false;
};

} // namespace throughline::faults
