// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "cli/keylist.h"
#include "engine/filler.h"

namespace throughline::cli {

/// `warm`: puts the rows that are not cached into the cache, all or given ones.
class WarmCommand final : public Command
{
    Q_OBJECT

public:
    WarmCommand();

    void addOptions(QCommandLineParser &parser) override;
    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    void run(Session &session, Console &console) override;

private:
    [[nodiscard]] Result<void> fill(Session &session, Console &console, FillCounts &counts) const;

    KeyList m_keys;
};

} // namespace throughline::cli
