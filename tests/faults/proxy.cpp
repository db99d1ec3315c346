// SPDX-License-Identifier: GPL-3.0-or-later
#include "proxy.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace throughline::faults {

namespace {

constexpr int backlog = 128;

sockaddr_un addressOf(const QByteArray &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.constData(), sizeof(address.sun_path) - 1);
    return address;
}

int newSocket()
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

int connectTo(const QByteArray &path)
{
    // A Unix socket is connected at once or not at all.
    const int fd = newSocket();
    const sockaddr_un address = addressOf(path);
    if (connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) == 0)
        return fd;
    ::close(fd);
    return -1;
}

/// Nothing when there was nothing to read, an empty text at the end of the stream.
std::pair<bool, QByteArray> readSome(int fd)
{
    std::array<char, 65536> buffer{};
    const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
    if (got > 0)
        return {true, QByteArray(buffer.data(), got)};
    return {got == 0 || (errno != EAGAIN && errno != EINTR), {}};
}

} // namespace

Proxy::Proxy(QByteArray listenPath, QByteArray serverPath)
    : m_listenPath(std::move(listenPath))
    , m_serverPath(std::move(serverPath))
{
}

Proxy::~Proxy()
{
    if (m_thread.joinable()) {
        {
            const std::lock_guard lock(m_mutex);
            m_orders.stop = true;
        }
        wake();
        m_thread.join();
    }
    if (m_listener >= 0)
        ::close(m_listener);
    if (m_wake >= 0)
        ::close(m_wake);
    unlink(m_listenPath.constData());
}

bool Proxy::start()
{
    m_wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    m_listener = newSocket();
    const sockaddr_un address = addressOf(m_listenPath);
    unlink(m_listenPath.constData());
    if (bind(m_listener, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0 ||
        listen(m_listener, backlog) != 0)
        return false;
    m_thread = std::thread([this] { run(); });
    return true;
}

void Proxy::setMode(Mode mode, milliseconds delay)
{
    std::unique_lock lock(m_mutex);
    m_orders.modeChanged = true;
    m_orders.mode = mode;
    m_orders.delay = delay;
    obeyed(lock);
}

void Proxy::cut()
{
    std::unique_lock lock(m_mutex);
    m_orders.cut = true;
    obeyed(lock);
}

void Proxy::halfOpen()
{
    std::unique_lock lock(m_mutex);
    m_orders.halfOpen = true;
    obeyed(lock);
}

void Proxy::arm(Trick trick, QByteArrayList markers, int times)
{
    const std::lock_guard lock(m_mutex);
    m_orders.armed = times;
    m_orders.trick = trick;
    m_orders.markers = std::move(markers);
    wake();
}

void Proxy::disarm()
{
    const std::lock_guard lock(m_mutex);
    m_orders.armed = 0;
}

void Proxy::deliver()
{
    std::unique_lock lock(m_mutex);
    m_orders.deliver = true;
    obeyed(lock);
}

// An order holds for every byte that is sent after the call.
void Proxy::obeyed(std::unique_lock<std::mutex> &lock)
{
    const quint64 mine = ++m_orders.given;
    wake();
    m_applied.wait(lock, [&] { return m_orders.applied >= mine; });
}

void Proxy::wake() const
{
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(m_wake, &one, sizeof(one));
}

void Proxy::run()
{
    while (!m_stopping) {
        auto fds = watched();
        poll(fds.data(), fds.size(), patience());
        applyOrders();
        if (m_mode != Mode::BlackHole) {
            acceptClients();
            for (Link &link : m_links) {
                readClient(link);
                readServer(link);
                writeDue(link.server, link.toServer);
                writeDue(link.client, link.toClient);
                finish(link);
            }
        }
        m_links.remove_if([](const Link &link) { return link.client < 0 && link.server < 0; });
    }
    for (Link &link : m_links)
        close(link);
}

void Proxy::applyOrders()
{
    uint64_t count = 0;
    [[maybe_unused]] const ssize_t drained = read(m_wake, &count, sizeof(count));
    const std::lock_guard lock(m_mutex);
    m_stopping = m_orders.stop;
    const bool modeChanged = std::exchange(m_orders.modeChanged, false);
    const bool cut = std::exchange(m_orders.cut, false);
    const bool halfOpen = std::exchange(m_orders.halfOpen, false);
    const bool deliver = std::exchange(m_orders.deliver, false);
    m_mode = m_orders.mode;
    m_delay = m_orders.delay;
    for (Link &link : m_links) {
        if (deliver && !link.held.isEmpty()) {
            link.toServer.waiting.push_back({Clock::now(), std::exchange(link.held, {})});
            link.delivering = true;
        }
        const bool keep = !link.held.isEmpty() || link.delivering;
        const bool useless = modeChanged && (link.tainted || link.clientIsGone || m_mode == Mode::Refuse);
        if ((cut || useless) && !keep)
            close(link);
        else if (halfOpen)
            closeClient(link);
    }
    m_orders.applied = m_orders.given;
    m_applied.notify_all();
}

std::vector<pollfd> Proxy::watched() const
{
    std::vector<pollfd> fds{{m_wake, POLLIN, 0}};
    if (m_mode == Mode::BlackHole)
        return fds;
    fds.push_back({m_listener, POLLIN, 0});
    for (const Link &link : m_links) {
        if (link.client >= 0 && !link.toServer.ended)
            fds.push_back({link.client, POLLIN, 0});
        if (link.server >= 0 && !link.toClient.ended)
            fds.push_back({link.server, POLLIN, 0});
    }
    return fds;
}

// Until the first delayed bytes are due; for ever without any.
int Proxy::patience() const
{
    int least = -1;
    for (const Link &link : m_links) {
        for (const Lane *lane : {&link.toServer, &link.toClient}) {
            if (lane->waiting.empty() || m_mode == Mode::BlackHole)
                continue;
            const auto left = std::chrono::ceil<milliseconds>(lane->waiting.front().due - Clock::now());
            const int ms = std::max(1, static_cast<int>(left.count()));
            least = least < 0 ? ms : std::min(least, ms);
        }
    }
    return least;
}

void Proxy::acceptClients()
{
    for (;;) {
        const int client = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (client < 0)
            return;
        const int server = m_mode == Mode::Refuse ? -1 : connectTo(m_serverPath);
        if (server < 0) {
            ::close(client);
            continue;
        }
        Link &link = m_links.emplace_back();
        link.client = client;
        link.server = server;
    }
}

void Proxy::readClient(Link &link)
{
    if (link.client < 0 || link.toServer.ended)
        return;
    const auto [got, bytes] = readSome(link.client);
    if (!got)
        return;
    if (bytes.isEmpty()) {
        link.toServer.ended = true;
    } else if (m_mode == Mode::DropRequests) {
        link.tainted = true;
    } else {
        play(link, bytes);
    }
}

// Carries a request on, unless it is the one that the armed trick waits for.
void Proxy::play(Link &link, const QByteArray &bytes)
{
    ++m_requests;
    bool tricked = false;
    Trick trick = Trick::LoseReply;
    {
        const std::lock_guard lock(m_mutex);
        tricked = m_orders.armed > 0 &&
                  std::ranges::all_of(m_orders.markers, [&](const QByteArray &each) { return bytes.contains(each); });
        trick = m_orders.trick;
        m_orders.armed -= tricked;
    }
    if (tricked && trick == Trick::LoseRequest) {
        close(link);
    } else if (tricked && trick == Trick::HoldRequest) {
        link.held = bytes;
        closeClient(link);
    } else {
        link.replyIsLost = tricked;
        link.toServer.waiting.push_back({Clock::now() + m_delay, bytes});
    }
    if (tricked && trick != Trick::LoseReply)
        ++m_played;
}

void Proxy::readServer(Link &link)
{
    if (link.server < 0 || link.toClient.ended)
        return;
    const auto [got, bytes] = readSome(link.server);
    if (!got)
        return;
    if (link.replyIsLost) {
        ++m_played;
        close(link);
    } else if (link.delivering) {
        ++m_delivered;
        close(link);
    } else if (bytes.isEmpty()) {
        link.toClient.ended = true;
    } else if (m_mode == Mode::DropReplies) {
        link.tainted = true;
    } else if (!link.clientIsGone) {
        link.toClient.waiting.push_back({Clock::now() + m_delay, bytes});
    }
}

void Proxy::writeDue(int fd, Lane &lane)
{
    while (fd >= 0 && !lane.waiting.empty() && lane.waiting.front().due <= Clock::now()) {
        QByteArray &bytes = lane.waiting.front().bytes;
        const ssize_t sent = send(fd, bytes.constData(), static_cast<size_t>(bytes.size()), MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (sent >= 0 && sent < bytes.size()) {
            bytes.remove(0, sent);
            return;
        }
        lane.waiting.pop_front(); // sent, or the peer is gone, which its reader sees
    }
}

// A side that has ended takes the other with it, after the bytes that are still on the way.
void Proxy::finish(Link &link)
{
    const bool clientDone = link.toServer.ended && link.toServer.waiting.empty();
    const bool serverDone = link.toClient.ended && link.toClient.waiting.empty();
    if (serverDone && (link.delivering || !link.held.isEmpty()))
        ++m_delivered;
    if (clientDone || serverDone)
        close(link);
}

void Proxy::closeClient(Link &link)
{
    if (link.client >= 0)
        ::close(link.client);
    link.client = -1;
    link.clientIsGone = true;
    link.toClient.waiting.clear();
}

void Proxy::close(Link &link)
{
    closeClient(link);
    if (link.server >= 0)
        ::close(link.server);
    link.server = -1;
}

} // namespace throughline::faults
