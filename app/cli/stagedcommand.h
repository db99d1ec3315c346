// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "domain/stagedrecord.h"

#include <vector>

namespace throughline::cli {

/// `staged`: what became of the writes that clients have staged in Redis, those first that failed, and the keys that
/// look staged and that nobody serves.
class StagedCommand final : public Command
{
    Q_OBJECT

public:
    StagedCommand();

    void addOptions(QCommandLineParser &parser) override;
    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    [[nodiscard]] SessionOptions sessionOptions() const override;
    void run(Session &session, Console &console) override;

private:
    [[nodiscard]] Result<std::vector<StagedRecord>> read(const Session &session) const;
    [[nodiscard]] Result<std::vector<QByteArray>> findStrays(const Session &session) const;

    bool m_onlyFailed = false;
    int m_limit = 100;
};

} // namespace throughline::cli
