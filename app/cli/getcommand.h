// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "engine/rowpair.h"

namespace throughline::cli {

/// `get`: one row as both stores hold it, side by side.
class GetCommand final : public Command
{
    Q_OBJECT

public:
    GetCommand();

    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    void run(Session &session, Console &console) override;

private:
    [[nodiscard]] static int exitCodeOf(const RowPair &pair);

    QString m_key;
};

} // namespace throughline::cli
