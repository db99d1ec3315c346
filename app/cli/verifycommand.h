// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "cli/keylist.h"
#include "engine/verifyreport.h"

namespace throughline::cli {

/// `verify`: every row against its hash and every hash against its row; with --repair what differs is filled again.
class VerifyCommand final : public Command
{
    Q_OBJECT

public:
    VerifyCommand();

    void addOptions(QCommandLineParser &parser) override;
    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    [[nodiscard]] bool writes() const override { return m_repair; }
    void run(Session &session, Console &console) override;

private:
    [[nodiscard]] Result<VerifyReport> verify(Session &session, Console &console) const;
    [[nodiscard]] int exitCodeOf(const VerifyReport &report) const;

    bool m_quick = false;
    bool m_repair = false;
    KeyList m_keys;
};

} // namespace throughline::cli
