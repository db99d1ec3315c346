// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "config/configloader.h"

#include <QObject>

#include <memory>
#include <vector>

namespace throughline::cli {

/// throughlinectl: takes the command line apart, opens the session that the command needs, runs it and closes.
/// Lives on the main thread and needs its event loop.
class Application final : public QObject
{
    Q_OBJECT

public:
    /// `interrupt` and `signal` belong to the SignalWatcher: what ends a command that blocks.
    Application(Console &console, const Interrupt *interrupt, const volatile std::sig_atomic_t *signal,
                QObject *parent = nullptr);
    ~Application() override;

    /// Ends in finished(), never before the event loop runs.
    void start(const QStringList &arguments);
    void interrupted(int signal);

Q_SIGNALS:
    void finished(int exitCode);

private:
    struct Request
    {
        CommandLineSettings settings;
        QString command;
        QStringList arguments;
    };
    [[nodiscard]] QString split(const QStringList &arguments, Request &request);
    void help(const QStringList &arguments);
    [[nodiscard]] Command *find(const QString &name) const;
    [[nodiscard]] QString usageOf(const Command &command) const;
    [[nodiscard]] QString takeArguments(Command &command, const QStringList &arguments);
    void open(Command &command, const CommandLineSettings &settings);
    void runCommand(Command &command);
    void end(int exitCode);
    void fail(int exitCode, const QString &sentence);

    Console &m_console;
    const Interrupt *m_interrupt;
    const volatile std::sig_atomic_t *m_signal;
    std::vector<std::unique_ptr<Command>> m_commands;
    std::unique_ptr<Session> m_session;
    Command *m_running = nullptr;
    bool m_ended = false;
    int m_exitCode = 0;
};

} // namespace throughline::cli
