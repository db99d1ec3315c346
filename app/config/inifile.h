// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QCoreApplication>
#include <QString>

#include <vector>

namespace throughline {

struct IniEntry
{
    QString key;
    QString value; ///< the raw text after the first '=', without the blanks around it
    int line = 0;
};

struct IniSection
{
    QString name;
    int line = 0;
    std::vector<IniEntry> entries;
};

/// A configuration file with its sections and keys in their order. Not QSettings: a conninfo holds commas, semicolons
/// and backslashes, which that would interpret. A plain value.
struct IniFile
{
    Q_DECLARE_TR_FUNCTIONS(throughline::IniFile)

public:
    std::vector<IniSection> sections;

    [[nodiscard]] static Result<IniFile> parse(const QString &text, const QString &fileName);
    /// "FILE, line N: WHAT"
    [[nodiscard]] static Failure mistake(const QString &fileName, int line, const QString &what);
};

} // namespace throughline
