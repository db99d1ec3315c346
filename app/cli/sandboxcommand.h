// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"

#include <QProcess>

namespace throughline::cli {

/// `sandbox`: the private servers for the duration of a command, or until Ctrl+C.
class SandboxCommand final : public Command
{
    Q_OBJECT

public:
    SandboxCommand();

    void addOptions(QCommandLineParser &parser) override;
    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    [[nodiscard]] SessionOptions sessionOptions() const override;
    void run(Session &session, Console &console) override;
    void interrupted(int signal) override;

private:
    void announce(const Session &session, Console &console) const;
    [[nodiscard]] static QString writeConfiguration(const Session &session);

    bool m_tcp = false;
    QStringList m_command;
    QProcess m_process;
};

} // namespace throughline::cli
