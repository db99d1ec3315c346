// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QCoreApplication>
#include <QString>

#include <sys/types.h>

namespace throughline {

/// The account that the servers run as: the caller, or, because PostgreSQL refuses root, an unprivileged one when
/// the caller is root. A plain value.
struct ServiceAccount
{
    Q_DECLARE_TR_FUNCTIONS(throughline::ServiceAccount)

public:
    uid_t uid = 0;
    gid_t gid = 0;
    QString name;
    bool switchTo = false; ///< a child has to change to it before it runs
    /// Children keep one of root's rights: to pass through directories that are closed to the account.
    bool passClosedDirectories = false;

    /// As root: the owner of a cluster that exists already, else the first of postgres, redis and nobody.
    [[nodiscard]] static Result<ServiceAccount> forCluster(const QString &postgresData);

    /// Whether this program can leave its children that right (a container may have taken it away).
    [[nodiscard]] static bool canPassClosedDirectories();

    /// The first directory on the way to `path` that the account may not enter, or empty.
    [[nodiscard]] QString closedDirectoryAbove(const QString &path) const;
};

} // namespace throughline
