// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/predecessor.h"

#include <QFile>

#include <utility>

namespace throughline {

using namespace Qt::StringLiterals;

Predecessor::Predecessor(QString pidFile, QString argument, QStringList leftovers)
    : m_pidFile(std::move(pidFile))
    , m_argument(std::move(argument))
    , m_leftovers(std::move(leftovers))
{
}

pid_t Predecessor::alive() const
{
    QFile file(m_pidFile);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const auto pid = static_cast<pid_t>(file.readLine().trimmed().toInt());
    if (pid <= 1)
        return 0;
    // A zombie has an empty command line, and a number that was given out again has another one.
    QFile commandLine("/proc/"_L1 + QString::number(pid) + "/cmdline"_L1);
    if (!commandLine.open(QIODevice::ReadOnly))
        return 0;
    return commandLine.readAll().split('\0').contains(QFile::encodeName(m_argument)) ? pid : 0;
}

void Predecessor::removeLeftovers() const
{
    QFile::remove(m_pidFile);
    for (const QString &path : m_leftovers)
        QFile::remove(path);
}

} // namespace throughline
