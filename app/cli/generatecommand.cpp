// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/generatecommand.h"

#include "cli/exitcodes.h"
#include "cli/numberoption.h"
#include "cli/outcometext.h"

#include <QRandomGenerator>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

QJsonObject jsonOf(const LoadStats &stats)
{
    return {
        {u"sent"_s, stats.sent},           {u"committed"_s, stats.committed}, {u"cache_pending"_s, stats.cachePending},
        {u"conflicts"_s, stats.conflicts}, {u"unknown"_s, stats.unknown},     {u"unavailable"_s, stats.unavailable},
        {u"failed"_s, stats.failed},       {u"behind"_s, stats.backlog},       {u"per_second"_s, stats.perSecond},
        {u"elapsed_s"_s, stats.elapsedS}};
}

QJsonObject jsonOf(const LatencyMs &latency)
{
    return {
        {u"p50_ms"_s, latency.p50}, {u"p95_ms"_s, latency.p95}, {u"p99_ms"_s, latency.p99}, {u"max_ms"_s, latency.max}};
}

QJsonObject jsonOf(const LoadReport &report)
{
    QJsonObject json = jsonOf(report.stats);
    QJsonObject failed;
    for (const auto &[verdict, count] : report.verdicts) {
        if (verdict != Verdict::Committed)
            failed.insert(verdictWord(verdict), count);
    }
    json.insert(u"result"_s, true);
    json.insert(u"coalesced"_s, 0); // every edit is sent by itself
    json.insert(u"by_kind"_s, failed);
    json.insert(u"from_intended_start"_s, jsonOf(report.fromIntendedStart));
    json.insert(u"service"_s, jsonOf(report.service));
    json.insert(u"seed"_s, QString::number(report.settings.seed));
    json.insert(u"keys_touched"_s, report.keysTouched);
    json.insert(u"keys_verified"_s, report.keysVerified);
    json.insert(u"keys_differing"_s, report.keysDiffering);
    json.insert(u"keys_not_cached"_s, report.keysNotCached);
    if (report.error)
        json.insert(u"error"_s, report.error->message);
    return json;
}

} // namespace

GenerateCommand::GenerateCommand()
    : Command({u"generate"_s, tr("update random users, and verify what was touched"),
               u"[--rate N] [--duration S] [--count N] [--batch N] [--connections N] [--seed N]"_s,
               u"throughlinectl generate --rate 100 --duration 10"_s, true})
{
}

void GenerateCommand::addOptions(QCommandLineParser &parser)
{
    parser.addOption({u"rate"_s, tr("Updates per second; 0 = unlimited."), u"N"_s});
    parser.addOption({u"duration"_s, tr("Seconds; without duration and count it runs until Ctrl+C."), u"S"_s});
    parser.addOption({u"count"_s, tr("Updates."), u"N"_s});
    parser.addOption({u"batch"_s, tr("Updates in one statement, 1 to 500."), u"N"_s});
    parser.addOption({u"connections"_s, tr("Connections to each store, 1 to 64."), u"N"_s});
    parser.addOption({u"seed"_s, tr("The same seed gives the same sequence."), u"N"_s});
}

QString GenerateCommand::take(const QCommandLineParser &parser, const QStringList &arguments)
{
    if (!arguments.isEmpty())
        return tr("\"generate\" takes options only.");
    double count = 0, connections = 1, batch = 1, seed = QRandomGenerator::global()->bounded(1, 1'000'000);
    for (const QString &problem :
         {takeNumber(parser, u"rate"_s, 0, 10'000'000, m_settings.rate),
          takeNumber(parser, u"duration"_s, 0, 31'536'000, m_settings.durationS),
          takeNumber(parser, u"count"_s, 0, 1e15, count), takeNumber(parser, u"connections"_s, 1, 64, connections),
          takeNumber(parser, u"batch"_s, 1, 500, batch), takeNumber(parser, u"seed"_s, 0, 1e15, seed)}) {
        if (!problem.isEmpty())
            return problem;
    }
    m_settings.count = static_cast<qint64>(count);
    m_settings.connections = static_cast<int>(connections);
    m_settings.batch = static_cast<int>(batch);
    m_settings.seed = static_cast<quint64>(seed);
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
    m_generator = std::make_unique<GeneratorService>(session.mapping(), session.engineSettings());
    connect(m_generator.get(), &GeneratorService::statsChanged, this, [this, &console](const LoadStats &stats) {
        if (static_cast<qint64>(stats.elapsedS) == m_shownSecond)
            return;
        m_shownSecond = static_cast<qint64>(stats.elapsedS);
        if (console.wantsJson())
            console.json(jsonOf(stats));
        else
            console.message(tr("%1 s  %2 written  %3/s  %4 conflicts  %5 failed  %6 behind")
                                .arg(m_shownSecond)
                                .arg(stats.committed)
                                .arg(stats.perSecond, 0, 'f', 0)
                                .arg(stats.conflicts)
                                .arg(stats.failed)
                                .arg(stats.backlog));
    });
    connect(m_generator.get(), &GeneratorService::finished, this,
            [this, &console](const LoadReport &finalReport) { report(finalReport, console); });
    m_generator->start(m_settings);
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
    if (console.wantsJson()) {
        console.json(jsonOf(report));
    } else {
        const LoadStats &stats = report.stats;
        console.line(tr("sent %1, committed %2 (%3/s), cache pending %4, conflicts %5, failed %6, unknown %7, not sent "
                        "%8, coalesced 0, seed %9")
                         .arg(stats.sent)
                         .arg(stats.committed)
                         .arg(stats.perSecond, 0, 'f', 1)
                         .arg(stats.cachePending)
                         .arg(stats.conflicts)
                         .arg(stats.failed)
                         .arg(stats.unknown)
                         .arg(stats.unavailable)
                         .arg(report.settings.seed));
        const auto latency = [&](const QString &name, const LatencyMs &ms) {
            console.line(tr("%1: p50 %2 ms, p95 %3 ms, p99 %4 ms, max %5 ms")
                             .arg(name)
                             .arg(ms.p50, 0, 'f', 2)
                             .arg(ms.p95, 0, 'f', 2)
                             .arg(ms.p99, 0, 'f', 2)
                             .arg(ms.max, 0, 'f', 2));
        };
        latency(tr("latency from the intended start"), report.fromIntendedStart);
        latency(tr("service time"), report.service);
        console.line(tr("verified %1 of %2 touched rows in both stores: %3 differ, %4 are not cached")
                         .arg(report.keysVerified)
                         .arg(report.keysTouched)
                         .arg(report.keysDiffering)
                         .arg(report.keysNotCached));
    }
    for (const auto &error : {report.stats.lastError, report.error}) {
        if (error)
            console.message(errorSentence(*error));
    }
    int code = exitcode::done;
    if (report.error)
        code = exitcode::of(*report.error);
    else if (report.keysDiffering > 0)
        code = exitcode::differs;
    else if (m_signal != 0)
        code = exitcode::signalBase + m_signal;
    else if (report.stats.failed > 0)
        code = exitcode::failed;
    else if (report.stats.cachePending > 0 || report.stats.unknown > 0)
        code = exitcode::unsettled;
    else if (report.stats.unavailable > 0)
        code = exitcode::unavailable;
    Q_EMIT finished(code);
}

} // namespace throughline::cli
