// SPDX-License-Identifier: GPL-3.0-or-later
#include "proxy.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <cstring>
#include <memory>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace throughline;
using namespace throughline::faults;
using namespace Qt::StringLiterals;

namespace {

constexpr int soon = 5000; // ms; what should happen happens long before
constexpr int never = 50;  // ms that something should not happen for

bool isReadable(int fd, int timeoutMs)
{
    pollfd wait{fd, POLLIN, 0};
    return poll(&wait, 1, timeoutMs) > 0;
}

/// What arrives next; "" at the end of the stream, "-" when nothing does.
QByteArray receive(int fd, int timeoutMs = soon)
{
    std::array<char, 256> buffer{};
    if (!isReadable(fd, timeoutMs))
        return "-"_ba;
    const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
    return got > 0 ? QByteArray(buffer.data(), got) : QByteArray();
}

void say(int fd, const char *text)
{
    QCOMPARE(send(fd, text, std::strlen(text), MSG_NOSIGNAL), ssize_t(std::strlen(text)));
}

sockaddr_un addressOf(const QByteArray &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.constData(), sizeof(address.sun_path) - 1);
    return address;
}

} // namespace

/// Bytes through the proxy, the test being client and server.
class ProxyTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void carriesBothWays();
    void anEndedClientEndsTheServer();
    void anEndedServerEndsTheClient();
    void delays();
    void losesReplies();
    void losesRequests();
    void aBlackHoleKeepsEverythingBack();
    void refuses();
    void cuts();
    void halfOpenTellsTheClientOnly();
    void theReplyToTheMarkedRequestIsLost();
    void theMarkedRequestIsLost();
    void aHeldRequestArrivesLater();
    void noServerNoConnection();

private:
    [[nodiscard]] int connectClient() const;
    [[nodiscard]] int acceptServer() const;

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<Proxy> m_proxy;
    int m_listener = -1;
    int m_client = -1;
    int m_server = -1;
};

void ProxyTest::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    const QByteArray path = m_directory->path().toUtf8();
    m_listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un address = addressOf(path + "/server");
    QCOMPARE(bind(m_listener, reinterpret_cast<const sockaddr *>(&address), sizeof(address)), 0);
    QCOMPARE(listen(m_listener, 8), 0);
    m_proxy = std::make_unique<Proxy>(path + "/proxy", path + "/server");
    QVERIFY(m_proxy->start());
    m_client = connectClient();
    m_server = acceptServer();
    QVERIFY(m_client >= 0 && m_server >= 0);
}

void ProxyTest::cleanup()
{
    for (const int fd : {m_client, m_server, m_listener})
        close(fd);
    m_proxy.reset();
}

int ProxyTest::connectClient() const
{
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un address = addressOf(m_directory->path().toUtf8() + "/proxy");
    return ::connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) == 0 ? fd : -1;
}

int ProxyTest::acceptServer() const
{
    return isReadable(m_listener, soon) ? accept(m_listener, nullptr, nullptr) : -1;
}

void ProxyTest::carriesBothWays()
{
    say(m_client, "request");
    QCOMPARE(receive(m_server), "request"_ba);
    say(m_server, "reply");
    QCOMPARE(receive(m_client), "reply"_ba);
}

void ProxyTest::anEndedClientEndsTheServer()
{
    say(m_client, "last words");
    shutdown(m_client, SHUT_RDWR);
    QCOMPARE(receive(m_server), "last words"_ba);
    QCOMPARE(receive(m_server), ""_ba);
}

void ProxyTest::anEndedServerEndsTheClient()
{
    say(m_server, "farewell");
    shutdown(m_server, SHUT_RDWR);
    QCOMPARE(receive(m_client), "farewell"_ba);
    QCOMPARE(receive(m_client), ""_ba);
}

void ProxyTest::delays()
{
    m_proxy->setMode(Proxy::Mode::Delay, milliseconds(100));
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY_WITH_TIMEOUT((say(m_client, "x"), timer.restart(), receive(m_server) == "x") && timer.elapsed() >= 99,
                             soon);
}

void ProxyTest::losesReplies()
{
    m_proxy->setMode(Proxy::Mode::DropReplies);
    say(m_client, "request");
    QCOMPARE(receive(m_server), "request"_ba);
    say(m_server, "reply");
    QCOMPARE(receive(m_client, never), "-"_ba);
    m_proxy->setMode(Proxy::Mode::Pass);
    QCOMPARE(receive(m_client), ""_ba); // without those bytes it is of no use
}

void ProxyTest::losesRequests()
{
    m_proxy->setMode(Proxy::Mode::DropRequests);
    say(m_client, "request");
    QCOMPARE(receive(m_server, never), "-"_ba);
    m_proxy->setMode(Proxy::Mode::Pass);
    QCOMPARE(receive(m_client), ""_ba);
}

void ProxyTest::aBlackHoleKeepsEverythingBack()
{
    m_proxy->setMode(Proxy::Mode::BlackHole);
    say(m_client, "request");
    QCOMPARE(receive(m_server, never), "-"_ba);
    const int second = connectClient();
    QVERIFY(second >= 0);
    QVERIFY(!isReadable(m_listener, never));
    m_proxy->setMode(Proxy::Mode::Pass);
    QCOMPARE(receive(m_server), "request"_ba);
    QVERIFY(isReadable(m_listener, soon));
    close(second);
}

void ProxyTest::refuses()
{
    m_proxy->setMode(Proxy::Mode::Refuse);
    QCOMPARE(receive(m_client), ""_ba);
    const int second = connectClient();
    QCOMPARE(receive(second), ""_ba);
    close(second);
}

void ProxyTest::cuts()
{
    m_proxy->cut();
    QCOMPARE(receive(m_client), ""_ba);
    QCOMPARE(receive(m_server), ""_ba);
}

void ProxyTest::halfOpenTellsTheClientOnly()
{
    m_proxy->halfOpen();
    QCOMPARE(receive(m_client), ""_ba);
    QCOMPARE(receive(m_server, never), "-"_ba);
    m_proxy->setMode(Proxy::Mode::Pass);
    QCOMPARE(receive(m_server), ""_ba);
}

void ProxyTest::theReplyToTheMarkedRequestIsLost()
{
    m_proxy->arm(Proxy::Trick::LoseReply, {"marked"});
    say(m_client, "plain");
    QCOMPARE(receive(m_server), "plain"_ba);
    say(m_server, "reply");
    QCOMPARE(receive(m_client), "reply"_ba);
    say(m_client, "a marked one");
    QCOMPARE(receive(m_server), "a marked one"_ba);
    QCOMPARE(m_proxy->played(), 0);
    say(m_server, "reply");
    QCOMPARE(receive(m_client), ""_ba);
    QCOMPARE(m_proxy->played(), 1);
}

void ProxyTest::theMarkedRequestIsLost()
{
    m_proxy->arm(Proxy::Trick::LoseRequest, {"marked"});
    say(m_client, "a marked one");
    QCOMPARE(receive(m_client), ""_ba);
    QCOMPARE(receive(m_server), ""_ba);
}

void ProxyTest::aHeldRequestArrivesLater()
{
    m_proxy->arm(Proxy::Trick::HoldRequest, {"marked"});
    say(m_client, "a marked one");
    QCOMPARE(receive(m_client), ""_ba);
    QTRY_COMPARE(m_proxy->played(), 1);
    QCOMPARE(receive(m_server, never), "-"_ba);
    m_proxy->cut(); // does not reach it
    QCOMPARE(receive(m_server, never), "-"_ba);
    m_proxy->deliver();
    QCOMPARE(receive(m_server), "a marked one"_ba);
    say(m_server, "done");
    QCOMPARE(receive(m_server), ""_ba);
    QTRY_COMPARE(m_proxy->delivered(), 1);
}

void ProxyTest::noServerNoConnection()
{
    close(m_listener);
    m_listener = -1;
    const int second = connectClient();
    QCOMPARE(receive(second), ""_ba);
    close(second);
}

QTEST_GUILESS_MAIN(ProxyTest)

#include "tst_proxy.moc"
