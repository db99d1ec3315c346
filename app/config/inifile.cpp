// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/inifile.h"

#include <algorithm>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

bool hasSection(const IniFile &file, const QString &name)
{
    return std::any_of(file.sections.begin(), file.sections.end(),
                       [&](const IniSection &section) { return section.name == name; });
}

bool hasKey(const IniSection &section, const QString &key)
{
    return std::any_of(section.entries.begin(), section.entries.end(),
                       [&](const IniEntry &entry) { return entry.key == key; });
}

} // namespace

Failure IniFile::mistake(const QString &fileName, int line, const QString &what)
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.message = tr("%1, line %2: %3").arg(fileName).arg(line).arg(what);
    return Failure(error);
}

Result<IniFile> IniFile::parse(const QString &text, const QString &fileName)
{
    IniFile file;
    int number = 0;
    const QStringList lines = text.split('\n'_L1);
    for (const QString &each : lines) {
        ++number;
        const QString line = each.trimmed();
        if (line.isEmpty() || line.startsWith('#'_L1) || line.startsWith(';'_L1))
            continue;
        if (line.startsWith('['_L1)) {
            const QString name = line.mid(1).chopped(1).trimmed();
            if (!line.endsWith(']'_L1) || name.isEmpty())
                return mistake(fileName, number, tr("this is not a section. Write it as [name]."));
            if (hasSection(file, name))
                return mistake(fileName, number, tr("the section [%1] stands here a second time.").arg(name));
            file.sections.push_back({name, number, {}});
            continue;
        }
        const qsizetype equals = line.indexOf('='_L1);
        if (equals <= 0)
            return mistake(fileName, number, tr("this is neither [section] nor key = value."));
        const QString key = line.left(equals).trimmed();
        if (file.sections.empty())
            return mistake(fileName, number, tr("the key %1 stands before the first [section].").arg(key));
        if (hasKey(file.sections.back(), key))
            return mistake(fileName, number, tr("the key %1 stands here a second time.").arg(key));
        file.sections.back().entries.push_back({key, line.mid(equals + 1).trimmed(), number});
    }
    return file;
}

} // namespace throughline
