// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorder.h"

#include <QFile>

#include <fcntl.h>
#include <unistd.h>

namespace throughline::faults {

using namespace Qt::StringLiterals;

Recorder::Recorder(const QString &directory, QByteArray process)
    : m_process(std::move(process))
    , m_fd(open(QFile::encodeName(directory + '/'_L1 + QString::fromUtf8(m_process) + ".log"_L1).constData(),
                O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600))
{
    if (m_fd < 0)
        qFatal("the history in %s cannot be written", qPrintable(directory));
}

Recorder::~Recorder()
{
    close(m_fd);
}

void Recorder::record(Event event) const
{
    event.process = m_process;
    event.at = monotonicNow();
    const QByteArray line = toLine(event);
    if (write(m_fd, line.constData(), static_cast<size_t>(line.size())) != line.size())
        qFatal("the history cannot be written: %s", qPrintable(qt_error_string()));
}

void Recorder::mark(EventKind kind, const QByteArray &text) const
{
    Event event;
    event.kind = kind;
    event.value = text;
    record(event);
}

} // namespace throughline::faults
