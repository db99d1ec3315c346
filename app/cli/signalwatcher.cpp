// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/signalwatcher.h"

#include <QSocketNotifier>

#include <array>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <unistd.h>

namespace throughline::cli {

namespace {

constexpr std::array watched{SIGINT, SIGTERM, SIGHUP};
// A handler can reach nothing else.
volatile std::sig_atomic_t writeEnd = -1;
volatile std::sig_atomic_t interruptEnd = -1;
volatile std::sig_atomic_t last = 0;

void handle(int signal)
{
    last = signal;
    const std::uint64_t one = 1;
    [[maybe_unused]] auto written = ::write(interruptEnd, &one, sizeof one);
    const auto byte = static_cast<unsigned char>(signal);
    written = ::write(writeEnd, &byte, 1);
}

} // namespace

SignalWatcher::SignalWatcher(const Interrupt &interrupt, QObject *parent)
    : QObject(parent)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        qFatal("no pipe for signals");
    m_readEnd = ends[0];
    writeEnd = ends[1];
    interruptEnd = interrupt.descriptor();
    for (const int signal : watched)
        std::signal(signal, &handle);
    auto *notifier = new QSocketNotifier(m_readEnd, QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &SignalWatcher::read);
}

SignalWatcher::~SignalWatcher()
{
    for (const int signal : watched)
        std::signal(signal, SIG_DFL);
    ::close(writeEnd);
    ::close(m_readEnd);
}

const volatile std::sig_atomic_t *SignalWatcher::lastSignal() noexcept
{
    return &last;
}

void SignalWatcher::read()
{
    unsigned char byte = 0;
    while (::read(m_readEnd, &byte, 1) == 1)
        Q_EMIT received(byte);
}

} // namespace throughline::cli
