// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/consumecommand.h"

#include "cli/exitcodes.h"
#include "cli/messagefile.h"
#include "cli/numberoption.h"
#include "cli/outcometext.h"
#include "messaging/messageconsumer.h"

#include <utility>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

QJsonObject jsonOf(const ConsumeReport &report)
{
    QJsonObject json{{u"received"_s, report.received},      {u"applied"_s, report.applied},
                     {u"superseded"_s, report.superseded},  {u"dead_lettered"_s, report.dead},
                     {u"trimmed"_s, report.gone},           {u"row_versions"_s, report.committed},
                     {u"per_second"_s, report.perSecond()}, {u"elapsed_s"_s, report.elapsedS}};
    if (report.ended) {
        json.insert(u"result"_s, true);
        json.insert(u"pending"_s, report.pending);
    }
    for (const auto &error : {report.hindered, report.failed}) {
        if (error)
            json.insert(u"error"_s, error->message);
    }
    return json;
}

QString figures(const ConsumeReport &report)
{
    return ConsumeCommand::tr("received %1 (%2/s), applied %3, superseded %4, dead letters %5, trimmed %6")
        .arg(report.received)
        .arg(report.perSecond(), 0, 'f', 0)
        .arg(report.applied)
        .arg(report.superseded)
        .arg(report.dead)
        .arg(report.gone);
}

} // namespace

ConsumeCommand::ConsumeCommand()
    : Command({u"consume"_s, tr("apply the messages of the stream score-changes to both stores"),
               u"[FILE] [--once] [--batch N] [--claim-after S]"_s, u"throughlinectl consume --once"_s, true})
{
}

ConsumeCommand::~ConsumeCommand() = default;

void ConsumeCommand::addOptions(QCommandLineParser &parser)
{
    parser.addOption({u"once"_s, tr("Apply what waits, and end.")});
    parser.addOption({u"batch"_s, tr("Messages read at once, 1 to 10000."), u"N"_s});
    parser.addOption(
        {u"claim-after"_s, tr("Seconds after which the messages of a silent consumer are taken over."), u"S"_s});
}

QString ConsumeCommand::take(const QCommandLineParser &parser, const QStringList &arguments)
{
    if (arguments.size() > 1)
        return tr("\"consume\" takes one file at most.");
    double batch = static_cast<double>(m_settings.batch);
    double claimAfterS = static_cast<double>(m_settings.claimAfter.count()) / 1000;
    for (const QString &problem : {takeNumber(parser, u"batch"_s, 1, 10'000, batch),
                                   takeNumber(parser, u"claim-after"_s, 0.1, 86'400, claimAfterS)}) {
        if (!problem.isEmpty())
            return problem;
    }
    m_settings.batch = static_cast<size_t>(batch);
    m_settings.claimAfter = milliseconds(static_cast<qint64>(claimAfterS * 1000));
    m_settings.once = parser.isSet(u"once"_s);
    if (arguments.isEmpty())
        return {};
    const auto file = MessageFile::read(arguments.front());
    if (!file)
        return file.error().message;
    if (file->group)
        m_settings.group = file->group->toUtf8();
    m_notice = file->ignoredSentence(arguments.front());
    return {};
}

void ConsumeCommand::run(Session &session, Console &console)
{
    m_console = &console;
    if (!m_notice.isEmpty())
        console.message(m_notice);
    if (!m_settings.once)
        console.message(tr("Applying the messages of %1 as a consumer of %2. Ctrl+C ends it.")
                            .arg(QString::fromUtf8(m_settings.stream), QString::fromUtf8(m_settings.group)));
    const auto reported = [this](const ConsumeReport &report) {
        if (m_mailbox.post(report))
            QMetaObject::invokeMethod(this, "deliver", Qt::QueuedConnection);
    };
    m_thread = std::make_unique<RunThread>(
        [mapping = session.mapping(), engine = session.engineSettings(), settings = m_settings,
         reported](const StopSignal &signal) { consumeRedisStream(mapping, engine, settings, signal, reported); });
}

void ConsumeCommand::deliver()
{
    for (const ConsumeReport &report : m_mailbox.takeAll()) {
        if (!report.ended)
            m_hindrance.update(report.hindered, *m_console);
        if (const qint64 gone = report.gone - std::exchange(m_gone, report.gone); gone > 0)
            m_console->message(tr("Messages deleted from the stream before they could be applied: %1.").arg(gone));
        report.ended ? finish(report) : tell(report);
    }
}

void ConsumeCommand::tell(const ConsumeReport &report)
{
    if (!m_console->wantsJson())
        return m_console->progress(figures(report));
    const auto second = static_cast<qint64>(report.elapsedS);
    if (second == m_shownSecond)
        return;
    m_shownSecond = second;
    m_console->json(jsonOf(report));
}

void ConsumeCommand::finish(const ConsumeReport &report)
{
    if (m_console->wantsJson())
        m_console->json(jsonOf(report));
    else
        m_console->line(
            tr("%1, row versions %2, pending %3").arg(figures(report)).arg(report.committed).arg(report.pending));
    if (report.dead > 0)
        m_console->message(
            tr("Messages that can never be applied: %1. They are in the stream %2, each with the reason.")
                .arg(report.dead)
                .arg(QString::fromUtf8(m_settings.stream + "-dead")));
    if (report.failed)
        m_console->message(errorSentence(*report.failed));
    Q_EMIT finished(report.failed ? exitcode::of(*report.failed) : exitcode::done);
}

void ConsumeCommand::interrupted(int signal)
{
    if (!m_thread)
        return Command::interrupted(signal);
    std::exchange(m_isEnding, true) ? m_thread->breakOff() : m_thread->stop();
}

} // namespace throughline::cli
