// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/inifile.h"
#include "domain/mappingconfig.h"

#include <optional>

namespace throughline {

/// Reads `[mapping]` with `[fields]`, or `[mapping:NAME]` with `[fields:NAME]`. Any thread.
class MappingSection final
{
    Q_DECLARE_TR_FUNCTIONS(throughline::MappingSection)

public:
    /// `name` is empty for the main table. A section that is not there is null.
    MappingSection(QString fileName, QString name, const IniSection *mapping, const IniSection *fields);

    [[nodiscard]] Result<MappingConfig> read() const;

    /// Milliseconds of `90`, `90s`, `30m`, `24h` or `7d`.
    [[nodiscard]] static std::optional<qint64> parseDuration(const QString &text);

private:
    [[nodiscard]] MappingConfig defaults() const;
    [[nodiscard]] Result<void> apply(const IniEntry &entry, MappingConfig &config) const;
    [[nodiscard]] Result<void> applyFlag(const IniEntry &entry, bool &flag) const;
    [[nodiscard]] Result<void> applyTtl(const IniEntry &entry, MappingConfig &config) const;
    [[nodiscard]] Result<void> applyWarm(const IniEntry &entry, MappingConfig &config) const;
    [[nodiscard]] Result<void> readFields(MappingConfig &config) const;
    [[nodiscard]] QString given(const QString &key) const;
    [[nodiscard]] int line() const;

    QString m_fileName;
    QString m_name;
    const IniSection *m_mapping;
    const IniSection *m_fields;
};

} // namespace throughline
