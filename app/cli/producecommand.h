// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "cli/hindrance.h"
#include "engine/mailbox.h"
#include "messaging/messagereports.h"
#include "messaging/messagesettings.h"
#include "messaging/runthread.h"

#include <memory>

namespace throughline::cli {

/// `produce`: random scores for existing users, as messages on the stream that `consume` applies.
class ProduceCommand final : public Command
{
    Q_OBJECT

public:
    ProduceCommand();
    ~ProduceCommand() override;

    void addOptions(QCommandLineParser &parser) override;
    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    void run(Session &session, Console &console) override;
    void interrupted(int signal) override;

private:
    Q_INVOKABLE void deliver();
    void tell(const ProduceReport &report);
    void finish(const ProduceReport &report);

    ProduceSettings m_settings;
    QString m_notice; ///< about the file, for when the run begins
    Console *m_console = nullptr;
    Mailbox<ProduceReport> m_mailbox; ///< outlives the thread, which posts to it
    Hindrance m_hindrance;
    qint64 m_shownSecond = -1;
    int m_signal = 0;
    std::unique_ptr<RunThread> m_thread;
};

} // namespace throughline::cli
