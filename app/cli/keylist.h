// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"

#include <vector>

namespace throughline::cli {

/// The option --keys K,K...: some rows instead of all.
class KeyList final
{
public:
    static void addOption(QCommandLineParser &parser);
    /// The sentence says what is wrong; empty when nothing is.
    [[nodiscard]] QString take(const QCommandLineParser &parser);
    [[nodiscard]] bool isGiven() const noexcept { return !m_words.isEmpty(); }

    /// Each key once, as PostgreSQL spells it, which is what names its hash.
    [[nodiscard]] Result<std::vector<RowKey>> read(const Session &session, const Interrupt *interrupt) const;

private:
    QStringList m_words;
};

/// Prefixes of the mappings besides the one of the session.
[[nodiscard]] std::vector<QByteArray> otherPrefixes(const Session &session);

} // namespace throughline::cli
