// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/schemacommand.h"

#include "cli/exitcodes.h"
#include "cli/outcometext.h"
#include "stores/postgres/pgschema.h"

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

CommandInfo infoOf(SchemaCommand::Direction direction)
{
    if (direction == SchemaCommand::Direction::Prepare)
        return {u"prepare"_s, Command::tr("add what write-through needs to the tables (idempotent)"), u"[--print]"_s,
                u"throughlinectl prepare --print"_s, true};
    return {u"unprepare"_s, Command::tr("take it away again, completely"), u"[--print]"_s,
            u"throughlinectl unprepare --print"_s, true};
}

} // namespace

SchemaCommand::SchemaCommand(Direction direction)
    : Command(infoOf(direction))
    , m_direction(direction)
{
}

void SchemaCommand::addOptions(QCommandLineParser &parser)
{
    parser.addOption({u"print"_s, tr("Show the SQL and change nothing.")});
}

QString SchemaCommand::take(const QCommandLineParser &parser, const QStringList &arguments)
{
    m_print = parser.isSet(u"print"_s);
    return arguments.isEmpty() ? QString() : tr("\"%1\" takes no arguments.").arg(info().name);
}

SessionOptions SchemaCommand::sessionOptions() const
{
    SessionOptions options;
    options.opensTable = false;
    return options;
}

void SchemaCommand::run(Session &session, Console &console)
{
    Q_EMIT finished(work(session, console));
}

int SchemaCommand::fail(Console &console, const StoreError &error) const
{
    console.message(errorSentence(error));
    return codeOf(error);
}

int SchemaCommand::work(Session &session, Console &console) const
{
    const EngineSettings &settings = session.engineSettings();
    PgConnection connection({settings.conninfo, settings.applicationName, settings.connectTimeout}, interrupt());
    if (const auto open = connection.open(); !open)
        return fail(console, open.error());
    PgSchema schema(connection);
    const auto tables = TableSet::inspect(schema, session.config().mappings);
    if (!tables)
        return fail(console, tables.error());
    if (const QStringList problems = tables->problems(); !problems.isEmpty()) {
        for (const QString &problem : problems)
            console.message(problem);
        return exitcode::usage;
    }
    const auto mappings = m_direction == Direction::Prepare ? tables->mappings() : tables->touched();
    if (m_print) {
        console.line(sqlOf(mappings.empty() ? tables->mappings() : mappings));
        return exitcode::done;
    }
    for (const TableInspection &table : tables->inspections()) {
        if (m_direction == Direction::Unprepare && table.preparation == Preparation::None)
            console.message(
                tr("%1 is not prepared; there is nothing to take away.").arg(table.mapping.qualifiedName()));
    }
    if (mappings.empty())
        return exitcode::done;
    if (const QStringList missing = missingRights(*tables); !missing.isEmpty()) {
        for (const QString &right : missing)
            console.message(right);
        return exitcode::failed;
    }
    if (const auto done = schema.execute(sqlOf(mappings)); !done)
        return fail(console, done.error());
    tell(*tables, console);
    return exitcode::done;
}

QString SchemaCommand::sqlOf(const std::vector<Mapping> &mappings) const
{
    return m_direction == Direction::Prepare ? PgSchema::prepareAllSql(mappings) : PgSchema::unprepareAllSql(mappings);
}

/// Of every table that the SQL is about.
QStringList SchemaCommand::missingRights(const TableSet &tables) const
{
    QStringList missing;
    for (const TableInspection &table : tables.inspections()) {
        if (m_direction == Direction::Prepare || table.preparation != Preparation::None)
            missing += table.missingRights;
    }
    missing.removeDuplicates();
    return missing;
}

void SchemaCommand::tell(const TableSet &before, Console &console) const
{
    for (const TableInspection &table : before.inspections()) {
        const QString name = table.mapping.qualifiedName();
        if (m_direction == Direction::Prepare) {
            console.message(tr("%1 is prepared for write-through.").arg(name));
            if (table.preparation == Preparation::None)
                console.message(tr("Advice: ALTER TABLE %1 SET (fillfactor = 90) keeps frequent updates cheap; it "
                                   "holds for pages written from then on.")
                                    .arg(name));
        } else if (table.preparation != Preparation::None) {
            console.message(tr("%1 is as it was before it was prepared.").arg(name));
        }
    }
}

} // namespace throughline::cli
