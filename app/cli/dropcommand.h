// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "cli/keylist.h"

namespace throughline::cli {

/// `drop`: takes hashes and leases out of the cache, all or those of given rows.
class DropCommand final : public Command
{
    Q_OBJECT

public:
    DropCommand();

    void addOptions(QCommandLineParser &parser) override;
    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    void run(Session &session, Console &console) override;

private:
    [[nodiscard]] Result<void> drop(Session &session, Console &console, qint64 &dropped) const;

    KeyList m_keys;
};

} // namespace throughline::cli
