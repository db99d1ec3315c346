// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <sys/types.h>

namespace throughline {

/// The server that an earlier program may have left behind when it was killed: still stopping, gone, or a zombie that
/// nobody reaps. Servers refuse to start beside a pid file whose number is in use, whoever uses it. Main thread.
class Predecessor final
{
public:
    /// `argument` is one whole argument that only our server's command line has.
    Predecessor(QString pidFile, QString argument, QStringList leftovers);

    /// The process id of our own server that still runs, or 0.
    [[nodiscard]] pid_t alive() const;
    void removeLeftovers() const;

private:
    QString m_pidFile;
    QString m_argument;
    QStringList m_leftovers;
};

} // namespace throughline
