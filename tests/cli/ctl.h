// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

namespace throughline {

/// What one run of throughlinectl left behind.
struct CtlRun
{
    int code = -1; ///< -1: it did not end in time, or by a signal
    QByteArray out;
    QByteArray err;

    [[nodiscard]] QByteArray all() const { return out + err; }
    /// The last line of stdout as a JSON object.
    [[nodiscard]] QJsonObject json() const;
};

/// Runs the real throughlinectl, with nothing of this account's own configuration.
class Ctl final
{
public:
    /// Given before every command, e.g. --data DIR.
    explicit Ctl(QStringList options = {});

    void setVariable(const QString &name, const QString &value) { m_environment.insert(name, value); }
    [[nodiscard]] CtlRun run(const QStringList &arguments) const;
    /// For programs that are to be signalled while they run.
    void start(QProcess &process, const QStringList &arguments) const;

private:
    QTemporaryDir m_home;
    QStringList m_options;
    QProcessEnvironment m_environment;
};

} // namespace throughline
