// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/interrupt.h"
#include "cli/console.h"
#include "session/session.h"

#include <QCommandLineParser>
#include <QObject>

#include <csignal>

namespace throughline::cli {

/// What `help` says of a command.
struct CommandInfo
{
    QString name;
    QString summary;     ///< half a line
    QString arguments;   ///< e.g. `KEY column=value...`
    QString example;     ///< a line that works
    bool writes = false; ///< refused when the environment is read-only
};

/// One sub-command of throughlinectl. Lives on the main thread. run() may block, but then it ends by itself; a command
/// that goes on emits finished() later.
class Command : public QObject
{
    Q_OBJECT

public:
    explicit Command(CommandInfo info);

    [[nodiscard]] const CommandInfo &info() const noexcept { return m_info; }
    /// The options of this command; --json is there already.
    virtual void addOptions(QCommandLineParser &parser);
    /// Takes options and arguments; the sentence says what is wrong with them, empty when nothing is.
    [[nodiscard]] virtual QString take(const QCommandLineParser &parser, const QStringList &arguments) = 0;
    [[nodiscard]] virtual SessionOptions sessionOptions() const { return {}; }
    /// Whether this call of the command changes anything; after take().
    [[nodiscard]] virtual bool writes() const { return m_info.writes; }
    virtual void run(Session &session, Console &console) = 0;
    /// What a blocking wait of the command is ended by when a signal arrives; set before run().
    void setInterrupt(const Interrupt *interrupt, const volatile std::sig_atomic_t *signal) noexcept;
    /// SIGINT or SIGTERM has arrived. The default gives up at once.
    virtual void interrupted(int signal);

Q_SIGNALS:
    void finished(int exitCode);

protected:
    [[nodiscard]] const Interrupt *interrupt() const noexcept { return m_interrupt; }
    /// The exit code of a failure; 128 + n when it was a signal that broke the wait off.
    [[nodiscard]] int codeOf(const StoreError &error) const;

private:
    CommandInfo m_info;
    const Interrupt *m_interrupt = nullptr;
    const volatile std::sig_atomic_t *m_signal = nullptr;
};

} // namespace throughline::cli
