// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/privateserver.h"

#include <QFile>
#include <QFileInfo>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 largestLog = 1 << 20;

// One generation is kept.
void rotate(const QString &logFile)
{
    if (QFileInfo(logFile).size() < largestLog)
        return;
    const QString old = logFile + ".old"_L1;
    QFile::remove(old);
    QFile::rename(logFile, old);
}

// The words after the time stamp, when the line is one that explains an end.
QByteArray complaintIn(const QByteArray &line)
{
    for (const char *mark : {"FATAL:", "PANIC:", "error:", " # "}) {
        if (const qsizetype at = line.indexOf(mark); at >= 0)
            return line.mid(at + qsizetype(qstrlen(mark))).trimmed();
    }
    return {};
}

} // namespace

PrivateServer::PrivateServer(const ServiceAccount &account, ServerTimes times, QObject *parent)
    : QObject(parent)
    , m_account(account)
    , m_times(times)
    , m_child(account)
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(times.poll);
    connect(&m_timer, &QTimer::timeout, this, &PrivateServer::tick);
    connect(&m_child, &ChildProcess::ended, this, &PrivateServer::onEnded);
}

void PrivateServer::start()
{
    if (m_phase != Phase::Stopped)
        return;
    m_failure.clear();
    m_patience = Clock::now() + m_times.predecessor;
    m_notBefore = {};
    enter(Phase::Predecessor);
    m_timer.start();
    tick();
}

void PrivateServer::stop()
{
    if (m_phase == Phase::Stopping)
        return;
    const bool ends = m_child.isRunning() || (m_phase == Phase::Preparing && interruptPreparation());
    enter(Phase::Stopping);
    m_child.send(command().deathSignal);
    m_timer.start();
    if (!ends)
        QMetaObject::invokeMethod(this, &PrivateServer::finishStopping, Qt::QueuedConnection);
}

void PrivateServer::prepared()
{
    if (m_phase != Phase::Preparing)
        return;
    const ChildCommand server = command();
    rotate(server.logFile);
    m_logStart = QFileInfo(server.logFile).size();
    resetProbe();
    enter(Phase::Probing);
    m_timer.start();
    m_child.start(server);
}

void PrivateServer::preparationEnded()
{
    if (m_phase == Phase::Stopping)
        finishStopping();
}

void PrivateServer::fail(const QString &reason)
{
    m_failure = reason;
    if (m_child.isRunning()) {
        // The failure is told when the server is gone, so that a second try finds nothing in its way.
        m_child.send(command().deathSignal);
        m_since = Clock::now();
        return;
    }
    m_timer.stop();
    enter(Phase::Stopped);
    StoreError error;
    error.kind = ErrorKind::Unreachable;
    error.store = store();
    error.message = tr("The private %1 server did not start: %2. Its messages are in %3.")
                        .arg(name(), m_failure, command().logFile);
    Q_EMIT failed(error);
}

QString PrivateServer::complaint(const QString &logFile) const
{
    QFile file(logFile);
    if (!file.open(QIODevice::ReadOnly) || !file.seek(std::min(m_logStart, file.size())))
        return {};
    QByteArray last;
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (const QByteArray found = complaintIn(line); !found.isEmpty())
            last = found;
    }
    return QString::fromUtf8(last);
}

void PrivateServer::tick()
{
    switch (m_phase) {
    case Phase::Predecessor:
        waitForPredecessor();
        break;
    case Phase::Probing:
        lookAtServer();
        break;
    case Phase::Stopping:
        killWhenLate();
        break;
    case Phase::Stopped:
    case Phase::Preparing:
    case Phase::Ready:
        m_timer.stop();
        break;
    }
}

void PrivateServer::waitForPredecessor()
{
    if (Clock::now() < m_notBefore)
        return;
    const Predecessor before = predecessor();
    const pid_t pid = before.alive();
    if (pid == 0) {
        before.removeLeftovers();
        enter(Phase::Preparing);
        prepare();
        return;
    }
    kill(pid, command().deathSignal);
    if (isLate(m_times.predecessor))
        fail(tr("an earlier one (process %1) does not end").arg(pid));
}

void PrivateServer::lookAtServer()
{
    if (!m_failure.isEmpty()) {
        killWhenLate();
        return;
    }
    const Probe seen = probe();
    if (seen == Probe::Failed) {
        fail(probeError());
    } else if (seen == Probe::Ready) {
        resetProbe();
        m_timer.stop();
        enter(Phase::Ready);
        Q_EMIT ready();
    } else if (isLate(m_times.start)) {
        fail(tr("it did not answer within %1 s").arg(m_times.start.count() / 1000));
    }
}

void PrivateServer::killWhenLate()
{
    if (!isLate(m_times.stop) || m_killed)
        return;
    m_killed = true;
    m_child.send(SIGKILL);
}

void PrivateServer::onEnded(const QString &reason)
{
    resetProbe();
    const Phase before = m_phase;
    if (before == Phase::Stopping) {
        finishStopping();
        return;
    }
    m_timer.stop();
    const QString said = complaint(command().logFile);
    if (before == Phase::Probing && m_failure.isEmpty() && isPassing(said) && Clock::now() < m_patience) {
        m_notBefore = Clock::now() + m_times.retry;
        enter(Phase::Predecessor);
        m_timer.start();
        return;
    }
    const QString ended = reason.isEmpty() ? tr("it ended by itself") : reason;
    if (before == Phase::Probing) {
        fail(m_failure.isEmpty() ? (said.isEmpty() ? ended : said) : m_failure);
        return;
    }
    enter(Phase::Stopped);
    Q_EMIT died(
        tr("The private %1 server has stopped: %2. Its messages are in %3.").arg(name(), ended, command().logFile));
}

void PrivateServer::enter(Phase phase)
{
    m_phase = phase;
    m_since = Clock::now();
    m_killed = false;
}

void PrivateServer::finishStopping()
{
    if (m_phase != Phase::Stopping)
        return;
    m_timer.stop();
    enter(Phase::Stopped);
    Q_EMIT stopped();
}

} // namespace throughline

#include "moc_privateserver.cpp"
