// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadmachine.h"

#include <QCoreApplication>
#include <QFile>

#include <unistd.h>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

/// What stands behind the first line that begins with `name`, without separator and quotes.
QString valueOf(const QString &fileName, const QByteArray &name)
{
    QFile file(fileName);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QList<QByteArray> lines = file.readAll().split('\n'); // files of /proc have no size
    for (const QByteArray &line : lines) {
        if (!line.startsWith(name))
            continue;
        QByteArray value = line.mid(name.size()).trimmed();
        if (value.startsWith(':') || value.startsWith('='))
            value = value.mid(1).trimmed();
        return QString::fromUtf8(value.replace('"', ""));
    }
    return {};
}

QString processor()
{
    const QString name = valueOf(u"/proc/cpuinfo"_s, "model name");
    return name.isEmpty() ? valueOf(u"/proc/cpuinfo"_s, "Model") : name; // as ARM has it
}

} // namespace

LoadMachine thisMachine()
{
    LoadMachine machine;
    machine.processor = processor();
    machine.cores = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
    machine.memoryBytes = static_cast<qint64>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
    machine.system = valueOf(u"/etc/os-release"_s, "PRETTY_NAME");
    machine.program = (QCoreApplication::applicationName() + u' ' + QCoreApplication::applicationVersion()).trimmed();
    return machine;
}

} // namespace throughline
