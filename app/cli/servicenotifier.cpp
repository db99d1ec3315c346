// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/servicenotifier.h"

#include "base/clock.h"

#include <algorithm>
#include <cstdint>
#include <systemd/sd-daemon.h>
#include <utility>

namespace throughline::cli {

namespace {

constexpr int pingsPerPeriod = 4;

} // namespace

ServiceNotifier::ServiceNotifier(QObject *parent)
    : QObject(parent)
{
    connect(&m_timer, &QTimer::timeout, this, &ServiceNotifier::ping);
}

void ServiceNotifier::setReady()
{
    sd_notify(0, "READY=1");
}

void ServiceNotifier::setStatus(const QString &line)
{
    QByteArray text = line.toUtf8();
    text.replace('\n', ' ');
    sd_notify(0, ("STATUS=" + text).constData());
}

void ServiceNotifier::setStopping()
{
    m_timer.stop();
    sd_notify(0, "STOPPING=1");
}

void ServiceNotifier::watch(std::function<quint64()> progress)
{
    std::uint64_t period = 0; // in us
    if (sd_watchdog_enabled(0, &period) <= 0)
        return;
    m_progress = std::move(progress);
    const auto interval = std::chrono::duration_cast<milliseconds>(std::chrono::microseconds(period)) / pingsPerPeriod;
    m_timer.start(std::max(interval, milliseconds(1)));
}

void ServiceNotifier::ping()
{
    const quint64 now = m_progress();
    if (std::exchange(m_last, now) != now)
        sd_notify(0, "WATCHDOG=1");
}

} // namespace throughline::cli
