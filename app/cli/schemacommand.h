// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "session/tableset.h"

namespace throughline::cli {

/// `prepare` and `unprepare`, of every configured table at once. Calling one is the agreement; --print shows the SQL
/// and changes nothing.
class SchemaCommand final : public Command
{
    Q_OBJECT

public:
    enum class Direction { Prepare, Unprepare };
    explicit SchemaCommand(Direction direction);

    void addOptions(QCommandLineParser &parser) override;
    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    [[nodiscard]] SessionOptions sessionOptions() const override;
    [[nodiscard]] bool writes() const override { return !m_print; }
    void run(Session &session, Console &console) override;

private:
    [[nodiscard]] int fail(Console &console, const StoreError &error) const;
    [[nodiscard]] int work(Session &session, Console &console) const;
    [[nodiscard]] QString sqlOf(const std::vector<Mapping> &mappings) const;
    [[nodiscard]] QStringList missingRights(const TableSet &tables) const;
    void tell(const TableSet &before, Console &console) const;

    Direction m_direction;
    bool m_print = false;
};

} // namespace throughline::cli
