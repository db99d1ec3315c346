// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <functional>

namespace throughline::cli {

/// Tells systemd how a service of Type=notify is; without systemd it does nothing. Lives on the main thread.
class ServiceNotifier final : public QObject
{
    Q_OBJECT

public:
    explicit ServiceNotifier(QObject *parent = nullptr);

    /// It serves, for the first time.
    void setReady();
    /// What `systemctl status` shows: one line without row values.
    void setStatus(const QString &line);
    void setStopping();
    /// Answers the watchdog, where the unit has one, for as long as the number goes on changing: a worker that hangs is
    /// a reason to start again although this thread lives.
    void watch(std::function<quint64()> progress);

private:
    void ping();

    std::function<quint64()> m_progress;
    quint64 m_last = 0;
    QTimer m_timer;
};

} // namespace throughline::cli
