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
        return {u"prepare"_s, Command::tr("add what write-through needs to the table (idempotent)"), u"[--print]"_s,
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
    const auto table = schema.inspect(session.config().mappings.front());
    if (!table)
        return fail(console, table.error());
    if (!table->usable()) {
        for (const QString &problem : table->problems)
            console.message(problem);
        return exitcode::usage;
    }
    const bool preparing = m_direction == Direction::Prepare;
    const QString sql = preparing ? PgSchema::prepareSql(table->mapping) : PgSchema::unprepareSql(table->mapping);
    if (m_print) {
        console.line(sql);
        return exitcode::done;
    }
    const QString name = table->mapping.qualifiedName();
    if (!preparing && table->preparation == Preparation::None) {
        console.message(tr("%1 is not prepared; there is nothing to take away.").arg(name));
        return exitcode::done;
    }
    for (const QString &right : table->missingRights)
        console.message(right);
    if (!table->missingRights.isEmpty())
        return exitcode::failed;
    if (const auto done = schema.execute(sql); !done)
        return fail(console, done.error());
    console.message(preparing ? tr("%1 is prepared for write-through.").arg(name)
                              : tr("%1 is as it was before it was prepared.").arg(name));
    if (preparing && table->preparation == Preparation::None)
        console.message(
            tr("Advice: ALTER TABLE %1 SET (fillfactor = 90) keeps frequent updates cheap; it holds for pages "
               "written from then on.")
                .arg(name));
    return exitcode::done;
}

} // namespace throughline::cli
