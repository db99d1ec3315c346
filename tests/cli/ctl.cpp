// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl.h"

#include <QJsonDocument>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int deadlineMs = 60000;

} // namespace

QJsonObject CtlRun::json() const
{
    return QJsonDocument::fromJson(out.trimmed().split('\n').constLast()).object();
}

Ctl::Ctl(QStringList options)
    : m_options(std::move(options))
    , m_environment(QProcessEnvironment::systemEnvironment())
{
    for (const QString &name : m_environment.keys()) {
        if (name.startsWith("THROUGHLINE_"_L1) || name.startsWith("PG"_L1) || name.startsWith("XDG_"_L1))
            m_environment.remove(name);
    }
    m_environment.insert(u"XDG_CONFIG_HOME"_s, m_home.path());
}

void Ctl::start(QProcess &process, const QStringList &arguments) const
{
    process.setProcessEnvironment(m_environment);
    process.start(QStringLiteral(THROUGHLINECTL), m_options + arguments);
}

CtlRun Ctl::run(const QStringList &arguments) const
{
    QProcess process;
    start(process, arguments);
    process.closeWriteChannel();
    if (!process.waitForFinished(deadlineMs)) {
        process.kill();
        process.waitForFinished(deadlineMs);
        return {};
    }
    const int code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return {code, process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace throughline
