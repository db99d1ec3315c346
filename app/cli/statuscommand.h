// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"

namespace throughline::cli {

/// `status`: whether the stores can be reached, how the table is prepared, what waits, and where each setting is from.
class StatusCommand final : public Command
{
    Q_OBJECT

public:
    StatusCommand();

    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    [[nodiscard]] SessionOptions sessionOptions() const override;
    void run(Session &session, Console &console) override;
};

} // namespace throughline::cli
