// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"

namespace throughline::cli {

/// `seed`: the three users of the original by write-through, or many made-up ones by COPY.
class SeedCommand final : public Command
{
    Q_OBJECT

public:
    SeedCommand();

    void addOptions(QCommandLineParser &parser) override;
    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    void run(Session &session, Console &console) override;

private:
    /// How many users the cache has not taken over yet.
    [[nodiscard]] Result<qint64> seedOriginal(Session &session, Console &console) const;
    [[nodiscard]] Result<qint64> seedMany(Session &session, Console &console) const;
    [[nodiscard]] Result<qint64> warm(Session &session, Console &console, const RowKey &after) const;

    qint64 m_users = 0;
    bool m_warm = false;
};

} // namespace throughline::cli
