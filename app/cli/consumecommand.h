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

/// `consume`: applies the messages of the stream until a signal ends it, or what waits of them.
class ConsumeCommand final : public Command
{
    Q_OBJECT

public:
    ConsumeCommand();
    ~ConsumeCommand() override;

    void addOptions(QCommandLineParser &parser) override;
    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    void run(Session &session, Console &console) override;
    void interrupted(int signal) override;

private:
    Q_INVOKABLE void deliver();
    void tell(const ConsumeReport &report);
    void finish(const ConsumeReport &report);

    ConsumeSettings m_settings;
    QString m_notice; ///< about the file, for when the run begins
    Console *m_console = nullptr;
    Mailbox<ConsumeReport> m_mailbox; ///< outlives the thread, which posts to it
    Hindrance m_hindrance;
    qint64 m_gone = 0; ///< messages that were said to be deleted
    qint64 m_shownSecond = -1;
    bool m_isEnding = false;
    std::unique_ptr<RunThread> m_thread;
};

} // namespace throughline::cli
