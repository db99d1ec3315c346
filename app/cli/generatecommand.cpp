// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/generatecommand.h"

#include "cli/exitcodes.h"
#include "cli/numberoption.h"
#include "cli/outcometext.h"
#include "generator/loadreporttext.h"
#include "generator/loadtext.h"

#include <QRandomGenerator>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

/// Takes the number of an option that is given over what a profile says.
template <class Number>
QString takeOver(const QCommandLineParser &parser, const QString &option, double lowest, double highest, Number &into)
{
    auto number = static_cast<double>(into);
    QString problem = takeNumber(parser, option, lowest, highest, number);
    if (parser.isSet(option) && problem.isEmpty())
        into = static_cast<Number>(number);
    return problem;
}

} // namespace

GenerateCommand::GenerateCommand()
    : Command({u"generate"_s, tr("update random users, and verify what was touched"),
               u"[PROFILE] [--rate N] [--duration S] [--count N] [--batch N] [--connections N] [--seed N] "
               "[--path PATH] [--closed] [--report FILE]"_s,
               u"throughlinectl generate --rate 100 --duration 10"_s, true})
{
}

void GenerateCommand::addOptions(QCommandLineParser &parser)
{
    parser.addOption({u"rate"_s, tr("Operations per second; 0 = unlimited."), u"N"_s});
    parser.addOption({u"duration"_s, tr("Seconds; without duration and count it runs until Ctrl+C."), u"S"_s});
    parser.addOption({u"count"_s, tr("Operations."), u"N"_s});
    parser.addOption({u"batch"_s, tr("Updates in one statement, 1 to 500."), u"N"_s});
    parser.addOption({u"connections"_s, tr("Connections to each store, 1 to 64."), u"N"_s});
    parser.addOption({u"seed"_s, tr("The same seed gives the same sequence."), u"N"_s});
    parser.addOption({u"path"_s, tr("direct, staged or messages: the way the writes go."), u"PATH"_s});
    parser.addOption({u"closed"_s, tr("Each write waits for the one before: latency then hides what was not sent.")});
    parser.addOption({u"report"_s, tr("Writes the report to FILE; as JSON when its name ends in .json."), u"FILE"_s});
}

QString GenerateCommand::take(const QCommandLineParser &parser, const QStringList &arguments)
{
    if (arguments.size() > 1)
        return tr("\"generate\" takes one profile at most.");
    m_settings.seed = QRandomGenerator::global()->bounded(1U, 1'000'000U);
    if (!arguments.isEmpty()) {
        auto profile = loadprofile::read(arguments.front());
        if (!profile)
            return profile.error().message;
        m_settings = std::move(*profile);
    }
    return takeOptions(parser);
}

QString GenerateCommand::takeOptions(const QCommandLineParser &parser)
{
    LoadSettings &load = m_settings;
    for (const QString &problem : {takeOver(parser, u"rate"_s, 0, 10'000'000, load.rate),
                                   takeOver(parser, u"duration"_s, 0, 31'536'000, load.durationS),
                                   takeOver(parser, u"count"_s, 0, 1e15, load.count),
                                   takeOver(parser, u"connections"_s, 1, mostLoadConnections, load.connections),
                                   takeOver(parser, u"batch"_s, 1, mostLoadBatch, load.batch),
                                   takeOver(parser, u"seed"_s, 0, 1e15, load.seed)}) {
        if (!problem.isEmpty())
            return problem;
    }
    if (parser.isSet(u"rate"_s))
        load.schedule.clear();
    if (parser.isSet(u"closed"_s))
        load.pacing = Pacing::ClosedLoop;
    m_reportFile = parser.value(u"report"_s);
    if (!parser.isSet(u"path"_s))
        return {};
    const auto path = loadtext::wordFrom(parser.value(u"path"_s), loadtext::pathWords());
    if (!path)
        return tr("--path: %1").arg(path.error().message);
    load.path = *path;
    return {};
}

void GenerateCommand::run(Session &session, Console &console)
{
    if (session.environment() == Environment::Production) {
        console.message(
            tr("The generator is off in production. These servers count as production because they are not "
               "on this machine; set environment = development under [safety] when they are for trying out."));
        Q_EMIT finished(exitcode::failed);
        return;
    }
    m_generator = std::make_unique<GeneratorService>(
        LoadTarget{session.mapping(), session.engineSettings(), session.environment()});
    connect(m_generator.get(), &GeneratorService::statsChanged, this,
            [this, &console](const LoadStats &stats) { show(stats, console); });
    connect(m_generator.get(), &GeneratorService::finished, this,
            [this, &console](const LoadReport &finalReport) { report(finalReport, console); });
    m_generator->start(m_settings);
}

void GenerateCommand::show(const LoadStats &stats, Console &console)
{
    if (stats.phase == LoadPhase::Verifying) {
        console.progress(tr("%1 of %2 rows verified").arg(stats.keysVerified).arg(stats.keysToVerify));
        return;
    }
    if (static_cast<qint64>(stats.elapsedS) == m_shownSecond)
        return;
    m_shownSecond = static_cast<qint64>(stats.elapsedS);
    if (console.wantsJson())
        console.json(loadreporttext::jsonOf(stats));
    else
        console.message(tr("%1 s  %2 written  %3/s  %4 conflicts  %5 failed  %6 behind")
                            .arg(m_shownSecond)
                            .arg(stats.committed)
                            .arg(stats.perSecond, 0, 'f', 0)
                            .arg(stats.conflicts)
                            .arg(stats.failed)
                            .arg(stats.backlog));
}

void GenerateCommand::interrupted(int signal)
{
    m_signal = signal;
    if (m_generator && m_generator->isRunning())
        m_generator->stop();
    else
        Command::interrupted(signal);
}

void GenerateCommand::report(const LoadReport &report, Console &console)
{
    if (console.wantsJson())
        console.json(loadreporttext::jsonOf(report));
    else
        console.line(loadreporttext::textOf(report).trimmed());
    for (const auto &error : {report.stats.lastError, report.error}) {
        if (error)
            console.message(errorSentence(*error));
    }
    const auto saved = m_reportFile.isEmpty() ? Result<void>() : loadreporttext::save(report, m_reportFile);
    if (!saved)
        console.message(saved.error().message);
    const bool isPartlyVerified = report.settings.verifies && report.keysVerified < report.keysTouched;
    int code = saved ? exitcode::done : exitcode::failed;
    if (report.error)
        code = exitcode::of(*report.error);
    else if (report.keysDiffering > 0)
        code = exitcode::differs;
    else if (m_signal != 0)
        code = exitcode::signalBase + m_signal;
    else if (report.stats.failed > 0)
        code = exitcode::failed;
    else if (report.stats.cachePending > 0 || report.stats.unknown > 0 || isPartlyVerified)
        code = exitcode::unsettled;
    else if (report.stats.unavailable > 0)
        code = exitcode::unavailable;
    Q_EMIT finished(code);
}

} // namespace throughline::cli
