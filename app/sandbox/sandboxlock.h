// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QCoreApplication>

namespace throughline {

/// Decides which program owns the servers of a data directory. The kernel drops the lock when its holder ends, so
/// there is no stale lock to guess about (a lock file's process id may belong to somebody else by now, and in a
/// container usually does). Holds the number of the holder, so that a change of holder is noticed. Main thread.
class SandboxLock final
{
    Q_DECLARE_TR_FUNCTIONS(throughline::SandboxLock)

public:
    explicit SandboxLock(const QString &path);
    ~SandboxLock();
    SandboxLock(const SandboxLock &) = delete;
    SandboxLock &operator=(const SandboxLock &) = delete;

    /// True when the lock is ours now, false when another program has it.
    [[nodiscard]] Result<bool> tryAcquire(const QByteArray &instance);
    /// What the present holder gave to tryAcquire(); empty when nobody holds the lock.
    [[nodiscard]] QByteArray holder() const;

private:
    QString m_path;
    int m_fd = -1;
};

} // namespace throughline
