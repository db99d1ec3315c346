// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/enginesettings.h"
#include "stores/postgres/pgschema.h"
#include "testservers.h"

#include <QString>

#include <memory>

namespace throughline {

/// An empty database and a connection to it, for tests that make tables of their own and prepare them.
class SchemaFixture final
{
public:
    explicit SchemaFixture(TestServers &servers);

    [[nodiscard]] QString conninfo() const { return m_settings.conninfo; }
    [[nodiscard]] const EngineSettings &settings() const { return m_settings; }
    /// False, with a warning that says why, when a statement failed.
    bool run(const QString &sql);
    /// The first column of the first row.
    [[nodiscard]] QByteArray value(const QString &sql);
    /// What is in the catalog, line by line: enough to see that nothing was left behind.
    [[nodiscard]] QByteArray catalog();

    /// As the role, when one is given.
    [[nodiscard]] TableInspection inspect(const MappingConfig &config, const QString &role = {});
    /// The error's message; empty when it worked.
    [[nodiscard]] QString prepare(const MappingConfig &config);
    [[nodiscard]] QString unprepare(const MappingConfig &config);

    /// A mapping of every given column to a hash field of the same name.
    [[nodiscard]] static MappingConfig mapping(const QString &table, const QString &key, const QStringList &columns,
                                               const QString &label = {});

private:
    [[nodiscard]] QString execute(const MappingConfig &config, QString (*sql)(const Mapping &));

    TestServers &m_servers;
    EngineSettings m_settings;
};

} // namespace throughline
