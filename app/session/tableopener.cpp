// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/tableopener.h"

#include "engine/upkeep.h"
#include "engine/writethrough.h"
#include "session/originalusers.h"
#include "session/statedirectory.h"
#include "stores/postgres/pgstatements.h"
#include "stores/redis/rediscontext.h"

#include <QCoreApplication>
#include <QFile>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds longWork{600'000}; // preparing rewrites a large table

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(TableOpener)
};

StoreError misconfigured(const QString &message)
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.store = Store::Postgres;
    error.message = message;
    return error;
}

StoreError problemsOf(const TableSet &tables)
{
    StoreError error = misconfigured(tables.problems().join(u' '));
    if (!tables.exist())
        error.message += u' ' + Tr::tr("Create it, or name another one in [mapping] of the configuration file.");
    return error;
}

} // namespace

TableOpener::TableOpener(EngineSettings settings, std::vector<MappingConfig> mappings)
    : m_settings(std::move(settings))
    , m_mappings(std::move(mappings))
    , m_connection({m_settings.conninfo, m_settings.applicationName, m_settings.connectTimeout}, &m_interrupt)
    , m_schema(m_connection)
{
}

TableOpener::~TableOpener() = default;

void TableOpener::abort() noexcept
{
    m_interrupt.raise();
    m_connection.abort();
}

Result<OpenedTables> TableOpener::open(Agreement agreement)
{
    auto opened = openTables(agreement);
    m_connection.close(); // here, because a connection may be closed only by the thread that opened it
    return opened;
}

Result<OpenedTables> TableOpener::openTables(Agreement agreement)
{
    if (const auto connected = m_connection.open(); !connected)
        return Failure(connected.error());
    if (const auto checked = checkRedis(); !checked)
        return Failure(checked.error());
    auto tables = inspect(agreement);
    if (!tables)
        return Failure(tables.error());
    if (tables->isNewer())
        return Failure(
            misconfigured(Tr::tr("The table was prepared by a later version of Throughline. Use that one.")));
    if (!tables->unprepared().empty()) {
        if (agreement == Agreement::Ask)
            return OpenedTables{std::move(*tables), {}, false};
        if (const auto prepared = prepare(*tables); !prepared)
            return Failure(prepared.error());
        tables = inspect(agreement);
        if (!tables)
            return Failure(tables.error());
    }
    if (agreement == Agreement::Sandbox) {
        if (const auto started = startSandbox(*tables); !started)
            return Failure(started.error());
    }
    return OpenedTables{std::move(*tables), stateDirectoryOf(m_connection, Clock::now() + longWork), true};
}

/// A Redis that is away is shown and waited for; one that refuses us, or an address that cannot be used, is a mistake
/// of the settings and said at once.
Result<void> TableOpener::checkRedis()
{
    RedisContext redis({m_settings.redis, m_settings.applicationName, m_settings.connectTimeout}, &m_interrupt);
    const auto opened = redis.open();
    if (opened || opened.error().kind == ErrorKind::Unreachable || opened.error().kind == ErrorKind::Timeout ||
        opened.error().kind == ErrorKind::Transient)
        return {};
    return opened;
}

Result<TableSet> TableOpener::inspect(Agreement agreement)
{
    auto tables = TableSet::inspect(m_schema, m_mappings);
    if (tables && !tables->exist() && agreement == Agreement::Sandbox) {
        if (const auto created = createTable(); !created)
            return Failure(created.error());
        tables = TableSet::inspect(m_schema, m_mappings);
    }
    if (tables && !tables->problems().isEmpty())
        return Failure(problemsOf(*tables));
    return tables;
}

Result<void> TableOpener::createTable()
{
    QFile file(u":/sql/users.sql"_s);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("resource users.sql is missing from the program");
    return m_schema.execute(QString::fromUtf8(file.readAll()));
}

Result<void> TableOpener::prepare(const TableSet &tables)
{
    if (const QStringList missing = tables.missingRights(); !missing.isEmpty()) {
        StoreError error = misconfigured(missing.join(u' '));
        error.kind = ErrorKind::PermissionDenied;
        return Failure(error);
    }
    return m_schema.execute(PgSchema::prepareAllSql(tables.unprepared()));
}

Result<void> TableOpener::startSandbox(const TableSet &tables)
{
    // Our own Redis has just been started, and nobody else would say that its hashes are good. A Redis that is away is
    // waited for by whoever uses it.
    std::ignore = Upkeep(tables.mappings(), m_settings, &m_interrupt).recover();
    return firstStartDone().and_then(
        [&](bool already) { return already ? Result<void>() : addFirstUsers(tables.mappings().front()); });
}

// The mark stands on the database and is set last: a first start that was killed half-way is taken up again.
Result<bool> TableOpener::firstStartDone()
{
    const auto mark = m_connection.run(
        {"SELECT coalesce(shobj_description(oid,'pg_database'),'') LIKE 'throughline sandbox%' FROM pg_database "
         "WHERE datname=current_database()",
         {}},
        Clock::now() + longWork);
    if (!mark)
        return Failure(mark.error());
    return mark->text(0, 0) == "t";
}

Result<void> TableOpener::addFirstUsers(const Mapping &mapping)
{
    const auto users = originalUsers(mapping);
    if (!users)
        return Failure(users.error());
    WriteThrough engine(mapping, m_settings, &m_interrupt);
    for (const Edit &user : *users) {
        const Outcome outcome = engine.write(user);
        const bool thereAlready = outcome.error && outcome.error->kind == ErrorKind::Duplicate;
        if (outcome.error && !thereAlready && outcome.verdict != Verdict::CommittedCachePending)
            return Failure(*outcome.error);
    }
    // Explicit keys do not move the sequence; the next new user must not meet one of them.
    const PgStatements statements(mapping);
    const QByteArray key = quotedIdentifier(mapping.key.name);
    return m_schema.execute(QString::fromUtf8(
        "SELECT setval(pg_get_serial_sequence(" + quotedLiteral(statements.table()) + "," +
        quotedLiteral(mapping.key.name.toUtf8()) + "),greatest((SELECT max(" + key + ") FROM " + statements.table() +
        "),1));DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS ''throughline sandbox: the first users are "
        "there''',current_database()); END $$"));
}

} // namespace throughline
