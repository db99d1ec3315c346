// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "generator/generatorservice.h"

#include <memory>

namespace throughline::cli {

/// `generate`: update traffic through the engine, with figures while it runs and a verified result at its end.
class GenerateCommand final : public Command
{
    Q_OBJECT

public:
    GenerateCommand();

    void addOptions(QCommandLineParser &parser) override;
    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    void run(Session &session, Console &console) override;
    void interrupted(int signal) override;

private:
    [[nodiscard]] QString takeOptions(const QCommandLineParser &parser);
    void show(const LoadStats &stats, Console &console);
    void report(const LoadReport &report, Console &console);

    LoadSettings m_settings;
    QString m_reportFile;
    int m_signal = 0;
    std::unique_ptr<GeneratorService> m_generator;
    qint64 m_shownSecond = 0;
};

} // namespace throughline::cli
