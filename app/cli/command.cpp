// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include "cli/exitcodes.h"

namespace throughline::cli {

Command::Command(CommandInfo info)
    : m_info(std::move(info))
{
}

void Command::addOptions(QCommandLineParser &)
{
}

void Command::interrupted(int signal)
{
    Q_EMIT finished(exitcode::signalBase + signal);
}

} // namespace throughline::cli
