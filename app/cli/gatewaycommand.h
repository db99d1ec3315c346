// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "engine/mailbox.h"
#include "engine/upkeepreport.h"

#include <QTimer>

#include <memory>

namespace throughline {
class UpkeepWorker;
}

namespace throughline::cli {

/// Keeps the cache up to date while no window is open: until a signal ends it, or once.
class GatewayCommand final : public Command
{
    Q_OBJECT

public:
    GatewayCommand();
    ~GatewayCommand() override;

    void addOptions(QCommandLineParser &parser) override;
    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    void run(Session &session, Console &console) override;
    void interrupted(int signal) override;

private:
    void runOnce(Session &session, Console &console);
    Q_INVOKABLE void deliver();
    void tell(const UpkeepReport &report, bool final);

    bool m_once = false;
    Console *m_console = nullptr;
    Mailbox<UpkeepReport> m_mailbox; ///< outlives the worker, which posts to it
    UpkeepReport m_last;
    UpkeepReport m_told;
    QTimer m_timer;
    std::unique_ptr<UpkeepWorker> m_worker;
};

} // namespace throughline::cli
