// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "sandbox/childprocess.h"
#include "sandbox/predecessor.h"
#include "sandbox/serviceaccount.h"

#include <QTimer>

namespace throughline {

struct ServerTimes
{
    milliseconds poll{10};
    milliseconds predecessor{8000}; ///< how long a server that was left behind may take to end
    milliseconds retry{100};        ///< between two tries of a start that only came too early
    milliseconds start{60000};      ///< recovery after a crash is part of it
    milliseconds stop{15000};       ///< then it is killed
};

/// One supervised server from nothing to ready and back: waits for a predecessor, prepares, starts, and tries to
/// connect until it answers. Never blocks. Lives on the main thread, as ChildProcess.
class PrivateServer : public QObject
{
    Q_OBJECT

public:
    PrivateServer(const ServiceAccount &account, ServerTimes times, QObject *parent);

    void start();
    void stop();
    [[nodiscard]] bool isReady() const { return m_phase == Phase::Ready; }
    [[nodiscard]] bool isStopped() const { return m_phase == Phase::Stopped; }
    [[nodiscard]] qint64 processId() const { return m_child.processId(); }

Q_SIGNALS:
    void progress(const QString &step);
    void ready();
    void failed(const throughline::StoreError &error); ///< instead of ready(); it is stopped
    void died(const QString &sentence);                ///< after ready(), unasked; it is stopped
    void stopped();                                    ///< the answer to stop()

protected:
    enum class Probe { Waiting, Ready, Failed };

    [[nodiscard]] virtual QString name() const = 0;
    [[nodiscard]] virtual Store store() const = 0;
    [[nodiscard]] virtual Predecessor predecessor() const = 0;
    /// What has to exist before the server can run; ends with prepared() or fail(), now or later.
    virtual void prepare() = 0;
    [[nodiscard]] virtual ChildCommand command() const = 0;
    /// One look at the running server, without waiting.
    [[nodiscard]] virtual Probe probe() = 0;
    virtual void resetProbe() = 0;
    /// The reason in words why probe() said Failed.
    [[nodiscard]] virtual QString probeError() const = 0;
    /// Whether a start that ended with this complaint is worth another try in a moment.
    [[nodiscard]] virtual bool isPassing(const QString &) const { return false; }
    /// Signals the server, or whatever prepare() is running, to end. True when stopped() will be called.
    [[nodiscard]] virtual bool interruptPreparation() { return false; }

    void prepared();
    void fail(const QString &reason);
    void preparationEnded();
    [[nodiscard]] const ServiceAccount &account() const { return m_account; }
    /// The last complaint in the log since the start, or empty.
    [[nodiscard]] QString complaint(const QString &logFile) const;

private:
    enum class Phase { Stopped, Predecessor, Preparing, Probing, Ready, Stopping };

    void tick();
    void waitForPredecessor();
    void lookAtServer();
    void killWhenLate();
    void onEnded(const QString &reason);
    void enter(Phase phase);
    void finishStopping();
    [[nodiscard]] bool isLate(milliseconds limit) const { return Clock::now() - m_since > limit; }

    ServiceAccount m_account;
    ServerTimes m_times;
    ChildProcess m_child;
    QTimer m_timer;
    Phase m_phase = Phase::Stopped;
    Instant m_since;
    Instant m_patience;  ///< until when a passing complaint is waited out
    Instant m_notBefore; ///< of the next try
    bool m_killed = false;
    QString m_failure;
    qint64 m_logStart = 0;
};

} // namespace throughline
