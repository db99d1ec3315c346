// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/interrupt.h"

#include <QObject>

#include <csignal>

namespace throughline::cli {

/// Turns SIGINT, SIGTERM and SIGHUP into a Qt signal on the main thread, and raises an interrupt at once, because a
/// command may be blocking that thread. The handler only writes to an eventfd and a pipe;
/// blocking the signals and reading a signalfd would be simpler, but child processes inherit a blocked signal.
/// There can be one watcher in a process.
class SignalWatcher final : public QObject
{
    Q_OBJECT

public:
    explicit SignalWatcher(const Interrupt &interrupt, QObject *parent = nullptr);
    ~SignalWatcher() override;

    /// The last signal that arrived; 0 for none.
    [[nodiscard]] static const volatile std::sig_atomic_t *lastSignal() noexcept;

Q_SIGNALS:
    void received(int signal);

private:
    void read();

    int m_readEnd = -1;
};

} // namespace throughline::cli
