// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/serviceaccount.h"

#include "sandbox/sandboxerror.h"

#include <QFile>
#include <QFileInfo>

#include <linux/capability.h>
#include <optional>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

ServiceAccount fromEntry(const passwd &entry)
{
    return {entry.pw_uid, entry.pw_gid, QString::fromLocal8Bit(entry.pw_name), true, false};
}

std::optional<ServiceAccount> byName(const char *name)
{
    std::vector<char> buffer(16384);
    passwd entry{};
    passwd *found = nullptr;
    if (getpwnam_r(name, &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
        return std::nullopt;
    return fromEntry(*found);
}

std::optional<ServiceAccount> byId(uid_t uid)
{
    std::vector<char> buffer(16384);
    passwd entry{};
    passwd *found = nullptr;
    if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
        return std::nullopt;
    return fromEntry(*found);
}

// A cluster stays with the account that made it, whatever has been installed since.
std::optional<ServiceAccount> ownerOf(const QString &postgresData)
{
    struct stat info
    {
    };
    if (lstat(QFile::encodeName(postgresData).constData(), &info) != 0 || info.st_uid == 0)
        return std::nullopt;
    return byId(info.st_uid);
}

bool mayEnter(const struct stat &info, const ServiceAccount &account)
{
    if (info.st_uid == account.uid)
        return (info.st_mode & S_IXUSR) != 0;
    if (info.st_gid == account.gid)
        return (info.st_mode & S_IXGRP) != 0;
    return (info.st_mode & S_IXOTH) != 0;
}

} // namespace

Result<ServiceAccount> ServiceAccount::forCluster(const QString &postgresData)
{
    if (geteuid() != 0)
        return ServiceAccount{geteuid(), getegid(), {}, false, false};
    if (const auto owner = ownerOf(postgresData))
        return *owner;
    for (const char *name : {"postgres", "redis", "nobody"}) {
        if (const auto account = byName(name))
            return *account;
    }
    return Failure(
        misconfigured(tr("The private servers cannot run as root, and there is no account postgres, redis or nobody. "
                         "Run the program as another user.")));
}

bool ServiceAccount::canPassClosedDirectories()
{
    return geteuid() == 0 && prctl(PR_CAPBSET_READ, CAP_DAC_READ_SEARCH, 0, 0, 0) == 1;
}

QString ServiceAccount::closedDirectoryAbove(const QString &path) const
{
    if (!switchTo)
        return {};
    QString directory = QFileInfo(path).absolutePath();
    QString closed;
    for (;;) {
        struct stat info
        {
        };
        if (stat(QFile::encodeName(directory).constData(), &info) == 0 && !mayEnter(info, *this))
            closed = directory;
        if (directory == "/"_L1)
            return closed;
        directory = QFileInfo(directory).absolutePath();
    }
}

} // namespace throughline
