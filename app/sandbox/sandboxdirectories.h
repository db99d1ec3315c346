// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sandbox/sandboxpaths.h"
#include "sandbox/serviceaccount.h"

#include <QCoreApplication>

namespace throughline {

/// Makes the directories of a sandbox with the owners and modes that the servers insist on. Used on the main thread.
class SandboxDirectories final
{
    Q_DECLARE_TR_FUNCTIONS(throughline::SandboxDirectories)

public:
    /// The data directory alone, for the lock. Returns its path without symbolic links.
    [[nodiscard]] static Result<QString> prepareDataDir(const QString &dataDir);
    /// Everything below it, for the servers.
    [[nodiscard]] static Result<void> prepare(const SandboxPaths &paths, const ServiceAccount &account);
    /// An empty directory of the account beside `path`, with a new name: a process that was making an earlier one may
    /// still be busy in it. What is left of earlier ones is removed.
    [[nodiscard]] static Result<QString> makeFresh(const QString &path, const ServiceAccount &account);

private:
    struct Owner
    {
        uid_t uid;
        gid_t gid;
    };
    /// Missing permission bits are added; others are taken away only where `exact`.
    struct Mode
    {
        mode_t bits;
        bool exact;
    };
    [[nodiscard]] static Result<void> ensure(const QString &path, Owner owner, Mode mode);
};

} // namespace throughline
