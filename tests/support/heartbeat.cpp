// SPDX-License-Identifier: GPL-3.0-or-later
#include "heartbeat.h"

#include <QFile>

#include <algorithm>

namespace throughline {

namespace {

/// How long this thread was ready to run and had no core; 0 where the kernel does not tell.
double waitedForCoreMs()
{
    QFile file(QStringLiteral("/proc/thread-self/schedstat"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() / 1e6;
}

} // namespace

Heartbeat::Heartbeat()
{
    m_timer.setInterval(10);
    m_timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { beat(); });
}

void Heartbeat::start()
{
    m_longestMs = 0;
    m_longestOwnMs = 0;
    m_waitedMs = waitedForCoreMs();
    m_last.start();
    m_timer.start();
}

void Heartbeat::beat()
{
    const double gap = double(m_last.nsecsElapsed()) / 1e6;
    const double waited = waitedForCoreMs();
    m_last.start();
    m_longestMs = std::max(m_longestMs, gap);
    m_longestOwnMs = std::max(m_longestOwnMs, gap - (waited - m_waitedMs));
    m_waitedMs = waited;
}

} // namespace throughline
