// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/serviceaccount.h"

#include <QObject>
#include <QProcess>
#include <QStringList>

#include <csignal>

namespace throughline {

struct ChildCommand
{
    QString program;
    QStringList arguments;
    QString logFile;           ///< its output is appended here
    int deathSignal = SIGTERM; ///< what the kernel sends it when we are gone
};

/// One server process that ends when this program ends, however it ends. Lives on the main thread: the kernel sends
/// the death signal when the *thread* that forked ends.
class ChildProcess final : public QObject
{
    Q_OBJECT

public:
    explicit ChildProcess(const ServiceAccount &account, QObject *parent = nullptr);
    /// Last resort for an owner that did not wait: asks the process to end, and kills it after some seconds.
    ~ChildProcess() override;

    void start(const ChildCommand &command);
    /// Does nothing when the process has ended.
    void send(int signal);
    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] qint64 processId() const;

Q_SIGNALS:
    /// Exactly one per start(). `reason` is empty after exit code 0.
    void ended(const QString &reason);

private:
    void onFinished(int code, QProcess::ExitStatus status);
    void onError(QProcess::ProcessError error);

    ServiceAccount m_account;
    QProcess m_process;
    int m_deathSignal = SIGTERM;
};

} // namespace throughline
