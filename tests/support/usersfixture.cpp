// SPDX-License-Identifier: GPL-3.0-or-later
#include "usersfixture.h"

#include "engine/upkeep.h"
#include "stores/postgres/pgschema.h"

#include <QFile>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

QString usersTable()
{
    QFile file(u":/sql/users.sql"_s);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString prepared(const QString &conninfo, Mapping &mapping)
{
    PgConnection connection({conninfo, u"test"_s}, nullptr);
    if (const auto open = connection.open(); !open)
        return open.error().message;
    PgSchema schema(connection);
    const auto before = schema.inspect(MappingConfig::users());
    if (!before)
        return before.error().message;
    if (!before->usable())
        return before->problems.join(u' ');
    if (const auto done = schema.execute(PgSchema::prepareSql(before->mapping)); !done)
        return done.error().message;
    const auto after = schema.inspect(MappingConfig::users());
    if (!after || after->preparation != Preparation::Complete)
        return u"the table is not prepared"_s;
    mapping = after->mapping;
    return {};
}

} // namespace

UsersFixture UsersFixture::make(TestServers &servers, int users)
{
    UsersFixture fixture;
    const QString conninfo = servers.freshDatabase();
    servers.flushRedis();
    const QString rows =
        uR"(INSERT INTO users(username, email, password_hash, first_name, last_name, date_of_birth, score, created_at, updated_at)
 SELECT 'user' || n, 'user' || n || '@example.org', 'x', 'First' || n, 'Last' || n, '1981-01-01', 0, '2024-06-21', '2024-06-21'
 FROM generate_series(1, %1) n)"_s.arg(users);
    if (conninfo.isEmpty() || !servers.execute(conninfo, usersTable()) || !servers.execute(conninfo, rows)) {
        fixture.error = servers.error();
        return fixture;
    }
    fixture.error = prepared(conninfo, fixture.mapping);
    fixture.settings.conninfo = conninfo;
    if (const auto url = RedisUrl::parse(servers.redisUrl()))
        fixture.settings.redis = *url;
    fixture.settings.applicationName = u"throughline-test"_s;
    if (fixture.error.isEmpty() && !recoverCache(fixture.mapping, fixture.settings))
        fixture.error = u"the cache is not recovered"_s;
    return fixture;
}

bool recoverCache(const Mapping &mapping, const EngineSettings &settings)
{
    return Upkeep({mapping}, settings, nullptr).recover().has_value();
}

int fieldOf(const Mapping &mapping, const char *column)
{
    return mapping.fieldNamed(QString::fromLatin1(column)).value_or(-1);
}

} // namespace throughline
