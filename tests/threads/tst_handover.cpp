// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/interrupt.h"
#include "engine/mailbox.h"
#include "messaging/runthread.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace throughline;

/// What crosses threads: values through a Mailbox, and the end of a wait through an Interrupt.
class TestHandover final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noValueIsLostBetweenWritersAndAReader();
    void anInterruptEndsAWaitForASilentPeer();
    void aRunIsToldToEndAndBrokenOff();
};

void TestHandover::noValueIsLostBetweenWritersAndAReader()
{
    constexpr int writers = 4;
    constexpr int each = 2000;
    Mailbox<int> mailbox;
    std::atomic<int> wakeUps = 0;
    std::vector<std::jthread> threads;
    for (int writer = 0; writer < writers; ++writer) {
        threads.emplace_back([&mailbox, &wakeUps, writer] {
            for (int i = 0; i < each; ++i) {
                if (mailbox.post(writer * each + i))
                    ++wakeUps;
            }
        });
    }
    std::vector<int> seen;
    while (seen.size() < writers * each) {
        const std::vector<int> some = mailbox.takeAll();
        seen.insert(seen.end(), some.begin(), some.end());
        std::this_thread::yield();
    }
    threads.clear();
    std::sort(seen.begin(), seen.end());
    for (int i = 0; i < writers * each; ++i)
        QCOMPARE(seen[static_cast<size_t>(i)], i);
    QVERIFY(wakeUps > 0);
}

void TestHandover::anInterruptEndsAWaitForASilentPeer()
{
    int sockets[2] = {-1, -1};
    QCOMPARE(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
    Interrupt interrupt;
    WaitResult result = WaitResult::Timeout;
    std::jthread waiter(
        [&] { result = waitFor(sockets[0], WaitFor::Read, Clock::now() + milliseconds(30000), &interrupt); });
    interrupt.raise();
    waiter.join();
    QVERIFY(result == WaitResult::Interrupted);
    QVERIFY(interrupt.isRaised());
    interrupt.clear();
    QVERIFY(!interrupt.isRaised());
    close(sockets[0]);
    close(sockets[1]);
}

void TestHandover::aRunIsToldToEndAndBrokenOff()
{
    bool finished = false;
    {
        RunThread run([&finished](const StopSignal &signal) {
            std::ignore = pauseFor(milliseconds(30000), &signal.stop);
            finished = pauseFor(milliseconds(1), &signal.breakOff); // what is in hand may still be waited for
        });
        run.stop();
    }
    QVERIFY(finished);
    {
        RunThread run(
            [&finished](const StopSignal &signal) { finished = pauseFor(milliseconds(30000), &signal.breakOff); });
        run.breakOff();
    }
    QVERIFY(!finished);
}

QTEST_GUILESS_MAIN(TestHandover)
#include "tst_handover.moc"
