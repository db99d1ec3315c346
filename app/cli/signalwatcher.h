// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace throughline::cli {

/// Turns SIGINT, SIGTERM and SIGHUP into a Qt signal on the main thread. The handler only writes a byte into a pipe;
/// blocking the signals and reading a signalfd would be simpler, but child processes inherit a blocked signal.
/// There can be one watcher in a process.
class SignalWatcher final : public QObject
{
    Q_OBJECT

public:
    explicit SignalWatcher(QObject *parent = nullptr);
    ~SignalWatcher() override;

Q_SIGNALS:
    void received(int signal);

private:
    void read();

    int m_readEnd = -1;
};

} // namespace throughline::cli
