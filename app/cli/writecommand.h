// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "domain/edit.h"

namespace throughline::cli {

/// `set`, `add` and `delete`: one write-through edit each.
class WriteCommand final : public Command
{
    Q_OBJECT

public:
    explicit WriteCommand(EditKind kind);

    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    void run(Session &session, Console &console) override;

private:
    [[nodiscard]] Result<Edit> makeEdit(const Mapping &mapping) const;

    EditKind m_kind;
    QString m_key;
    QStringList m_changes;
};

} // namespace throughline::cli
