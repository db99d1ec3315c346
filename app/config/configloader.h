// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/appconfig.h"
#include "config/inifile.h"

#include <QProcessEnvironment>

namespace throughline {

/// What the command line gave; empty where it gave nothing.
struct CommandLineSettings
{
    QString config;
    QString pg;
    QString redis;
    QString data;
};

/// Puts the configuration together, value by value: defaults <- file <- environment <- command line. Any thread.
class ConfigLoader final
{
    Q_DECLARE_TR_FUNCTIONS(throughline::ConfigLoader)

public:
    ConfigLoader(CommandLineSettings commandLine, QProcessEnvironment environment);

    /// Errors are ErrorKind::Misconfigured.
    [[nodiscard]] Result<AppConfig> load() const;

private:
    [[nodiscard]] Setting fileSetting() const;
    [[nodiscard]] Result<void> readFile(AppConfig &config) const;
    [[nodiscard]] Result<void> apply(const IniFile &file, AppConfig &config) const;
    void takeOver(Setting &setting, const QString &variable, const QString &option, const QString &given) const;
    [[nodiscard]] Result<void> check(AppConfig &config) const;

    CommandLineSettings m_commandLine;
    QProcessEnvironment m_environment;
};

} // namespace throughline
