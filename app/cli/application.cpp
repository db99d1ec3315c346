// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/application.h"

#include "cli/consumecommand.h"
#include "cli/dropcommand.h"
#include "cli/exitcodes.h"
#include "cli/gatewaycommand.h"
#include "cli/generatecommand.h"
#include "cli/getcommand.h"
#include "cli/outcometext.h"
#include "cli/producecommand.h"
#include "cli/sandboxcommand.h"
#include "cli/schemacommand.h"
#include "cli/seedcommand.h"
#include "cli/stagedcommand.h"
#include "cli/statuscommand.h"
#include "cli/verifycommand.h"
#include "cli/warmcommand.h"
#include "cli/writecommand.h"

#include <QCommandLineParser>
#include <QProcessEnvironment>

namespace throughline::cli {

using namespace Qt::StringLiterals;

Application::Application(Console &console, const Interrupt *interrupt, const volatile std::sig_atomic_t *signal,
                         QObject *parent)
    : QObject(parent)
    , m_console(console)
    , m_interrupt(interrupt)
    , m_signal(signal)
{
    m_commands.push_back(std::make_unique<SandboxCommand>());
    m_commands.push_back(std::make_unique<StatusCommand>());
    m_commands.push_back(std::make_unique<SchemaCommand>(SchemaCommand::Direction::Prepare));
    m_commands.push_back(std::make_unique<SchemaCommand>(SchemaCommand::Direction::Unprepare));
    m_commands.push_back(std::make_unique<SeedCommand>());
    m_commands.push_back(std::make_unique<GetCommand>());
    m_commands.push_back(std::make_unique<WriteCommand>(EditKind::Update));
    m_commands.push_back(std::make_unique<WriteCommand>(EditKind::Insert));
    m_commands.push_back(std::make_unique<WriteCommand>(EditKind::Delete));
    m_commands.push_back(std::make_unique<GenerateCommand>());
    m_commands.push_back(std::make_unique<GatewayCommand>());
    m_commands.push_back(std::make_unique<StagedCommand>());
    m_commands.push_back(std::make_unique<ProduceCommand>());
    m_commands.push_back(std::make_unique<ConsumeCommand>());
    m_commands.push_back(std::make_unique<VerifyCommand>());
    m_commands.push_back(std::make_unique<WarmCommand>());
    m_commands.push_back(std::make_unique<DropCommand>());
}

Application::~Application() = default;

void Application::start(const QStringList &arguments)
{
    Request request;
    const QString problem = split(arguments, request);
    if (!problem.isEmpty())
        return fail(exitcode::usage, problem);
    if (request.command == "help"_L1)
        return help(request.arguments);
    if (request.command == "version"_L1) {
        m_console.line("throughlinectl "_L1 + QStringLiteral(THROUGHLINE_VERSION));
        return end(exitcode::done);
    }
    Command *command = find(request.command);
    if (!command)
        return fail(exitcode::usage,
                    tr("There is no command \"%1\". \"throughlinectl help\" lists them.").arg(request.command));
    if (request.arguments.value(0) == "--help"_L1)
        return help({request.command});
    const QString wrong = takeArguments(*command, request.arguments);
    if (!wrong.isEmpty())
        return fail(exitcode::usage, wrong + u'\n' + usageOf(*command));
    open(*command, request.settings);
}

/// The options before the command are the program's; what follows it belongs to the command.
QString Application::split(const QStringList &arguments, Request &request)
{
    QCommandLineParser parser;
    parser.setOptionsAfterPositionalArgumentsMode(QCommandLineParser::ParseAsPositionalArguments);
    parser.addOptions({{u"config"_s, tr("Configuration file."), u"FILE"_s},
                       {u"pg"_s, tr("PostgreSQL connection, as libpq reads it."), u"CONNINFO"_s},
                       {u"redis"_s, tr("Redis address."), u"URL"_s},
                       {u"data"_s, tr("Directory of the private servers."), u"DIR"_s},
                       {u"json"_s, tr("One JSON document instead of text.")},
                       {{u"h"_s, u"help"_s}, tr("Help.")},
                       {{u"v"_s, u"version"_s}, tr("Version.")}});
    if (!parser.parse(arguments))
        return parser.errorText();
    request.settings = {parser.value(u"config"_s), parser.value(u"pg"_s), parser.value(u"redis"_s),
                        parser.value(u"data"_s)};
    m_console.setJson(parser.isSet(u"json"_s));
    QStringList words = parser.positionalArguments();
    if (parser.isSet(u"version"_s))
        words = {u"version"_s};
    else if (parser.isSet(u"help"_s) || words.isEmpty())
        words.prepend(u"help"_s);
    request.command = words.takeFirst();
    request.arguments = words;
    return {};
}

QString Application::takeArguments(Command &command, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOption({u"json"_s, tr("One JSON document instead of text.")});
    command.addOptions(parser);
    if (!parser.parse(QStringList(command.info().name) + arguments))
        return parser.errorText();
    if (parser.isSet(u"json"_s))
        m_console.setJson(true);
    return command.take(parser, parser.positionalArguments());
}

void Application::open(Command &command, const CommandLineSettings &settings)
{
    auto config = ConfigLoader(settings, QProcessEnvironment::systemEnvironment()).load();
    if (!config)
        return fail(exitcode::usage, config.error().message);
    m_session = std::make_unique<Session>(std::move(*config), command.sessionOptions());
    connect(m_session.get(), &Session::ready, this, [this, &command] { runCommand(command); });
    connect(m_session.get(), &Session::failed, this,
            [this](const StoreError &error) { fail(exitcode::of(error), errorSentence(error)); });
    connect(m_session.get(), &Session::serverDied, this,
            [this](const QString &sentence) { m_console.message(sentence); });
    connect(m_session.get(), &Session::preparationNeeded, this, [this](const PreparationQuestion &question) {
        fail(exitcode::failed,
             tr("Not yet prepared for write-through: %1. \"throughlinectl prepare --print\" shows the SQL, "
                "\"throughlinectl prepare\" runs it.")
                 .arg(question.table));
    });
    m_running = &command;
    connect(&command, &Command::finished, this, &Application::end);
    m_session->open();
}

void Application::runCommand(Command &command)
{
    if (command.writes() && m_session->environment() == Environment::ReadOnly)
        return fail(exitcode::failed, tr("Refused: the configuration says environment = read-only."));
    command.setInterrupt(m_interrupt, m_signal);
    command.run(*m_session, m_console);
}

void Application::interrupted(int signal)
{
    if (m_running && !m_ended)
        m_running->interrupted(signal);
    else
        end(exitcode::signalBase + signal);
}

QString Application::usageOf(const Command &command) const
{
    const CommandInfo &info = command.info();
    return tr("Usage: throughlinectl %1 %2\nExample: %3").arg(info.name, info.arguments, info.example);
}

Command *Application::find(const QString &name) const
{
    for (const auto &command : m_commands) {
        if (command->info().name == name)
            return command.get();
    }
    return nullptr;
}

void Application::help(const QStringList &arguments)
{
    if (!arguments.isEmpty()) {
        const Command *command = find(arguments.front());
        if (!command)
            return fail(exitcode::usage, tr("There is no command \"%1\".").arg(arguments.front()));
        m_console.line(command->info().name + u": "_s + command->info().summary);
        m_console.line(usageOf(*command));
        return end(exitcode::done);
    }
    m_console.line(
        tr("throughlinectl [--config FILE] [--pg CONNINFO] [--redis URL] [--data DIR] [--json] COMMAND ..."));
    m_console.line({});
    for (const auto &command : m_commands)
        m_console.line("  "_L1 + command->info().name.leftJustified(11) + command->info().summary);
    m_console.line({});
    m_console.line(
        tr("Without --pg and --redis (or THROUGHLINE_PG and THROUGHLINE_REDIS, or a configuration file) private "
           "servers are used."));
    m_console.line(tr("\"throughlinectl help COMMAND\" shows arguments and an example."));
    end(exitcode::done);
}

void Application::fail(int exitCode, const QString &sentence)
{
    if (m_console.wantsJson())
        m_console.json({{u"error"_s, sentence}, {u"exit_code"_s, exitCode}});
    m_console.message(sentence);
    end(exitCode);
}

void Application::end(int exitCode)
{
    if (m_ended)
        return;
    m_ended = true;
    m_exitCode = exitCode;
    const auto leave = [this] { Q_EMIT finished(m_exitCode); };
    if (!m_session) {
        QMetaObject::invokeMethod(this, leave, Qt::QueuedConnection);
        return;
    }
    connect(m_session.get(), &Session::closed, this, leave);
    m_session->close();
}

} // namespace throughline::cli
