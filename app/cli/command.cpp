// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include "cli/exitcodes.h"

namespace throughline::cli {

Command::Command(CommandInfo info)
    : m_info(std::move(info))
{
}

void Command::addOptions(QCommandLineParser &) {}

void Command::setInterrupt(const Interrupt *interrupt, const volatile std::sig_atomic_t *signal) noexcept
{
    m_interrupt = interrupt;
    m_signal = signal;
}

int Command::codeOf(const StoreError &error) const
{
    if (error.kind == ErrorKind::Interrupted && m_interrupt && m_interrupt->isRaised())
        return exitcode::signalBase + *m_signal;
    return exitcode::of(error);
}

void Command::interrupted(int signal)
{
    Q_EMIT finished(exitcode::signalBase + signal);
}

} // namespace throughline::cli
