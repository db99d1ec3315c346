// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/producecommand.h"

#include "cli/exitcodes.h"
#include "cli/messagefile.h"
#include "cli/numberoption.h"
#include "cli/outcometext.h"
#include "messaging/messageproducer.h"

#include <QRandomGenerator>

#include <utility>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

QJsonObject jsonOf(const ProduceReport &report, quint64 seed)
{
    QJsonObject json{{u"sent"_s, report.sent},
                     {u"per_second"_s, report.perSecond()},
                     {u"elapsed_s"_s, report.elapsedS},
                     {u"seed"_s, QString::number(seed)}};
    if (report.ended)
        json.insert(u"result"_s, true);
    for (const auto &error : {report.hindered, report.failed}) {
        if (error)
            json.insert(u"error"_s, error->message);
    }
    return json;
}

} // namespace

ProduceCommand::ProduceCommand()
    : Command({u"produce"_s, tr("put random scores for the users on the stream score-changes"),
               u"[FILE] [--rate N] [--count N] [--seed N]"_s, u"throughlinectl produce --rate 100 --count 1000"_s,
               true})
{
}

ProduceCommand::~ProduceCommand() = default;

void ProduceCommand::addOptions(QCommandLineParser &parser)
{
    parser.addOption({u"rate"_s, tr("Messages per second, 1 when not given; 0 = unlimited."), u"N"_s});
    parser.addOption({u"count"_s, tr("Messages; without it, it runs until Ctrl+C."), u"N"_s});
    parser.addOption({u"seed"_s, tr("The same seed gives the same sequence."), u"N"_s});
}

QString ProduceCommand::take(const QCommandLineParser &parser, const QStringList &arguments)
{
    if (arguments.size() > 1)
        return tr("\"produce\" takes one file at most.");
    double count = 0, seed = QRandomGenerator::global()->bounded(1, 1'000'000);
    for (const QString &problem :
         {takeNumber(parser, u"rate"_s, 0, 10'000'000, m_settings.rate), takeNumber(parser, u"count"_s, 0, 1e15, count),
          takeNumber(parser, u"seed"_s, 0, 1e15, seed)}) {
        if (!problem.isEmpty())
            return problem;
    }
    m_settings.count = static_cast<qint64>(count);
    m_settings.seed = static_cast<quint64>(seed);
    if (arguments.isEmpty())
        return {};
    const auto file = MessageFile::read(arguments.front());
    if (!file)
        return file.error().message;
    m_notice = file->ignoredSentence(arguments.front());
    return {};
}

void ProduceCommand::run(Session &session, Console &console)
{
    m_console = &console;
    if (session.environment() == Environment::Production) {
        console.message(
            tr("Random messages are not sent in production. These servers count as production because they are not "
               "on this machine; set environment = development under [safety] when they are for trying out."));
        Q_EMIT finished(exitcode::failed);
        return;
    }
    if (!m_notice.isEmpty())
        console.message(m_notice);
    const auto reported = [this](const ProduceReport &report) {
        if (m_mailbox.post(report))
            QMetaObject::invokeMethod(this, "deliver", Qt::QueuedConnection);
    };
    m_thread = std::make_unique<RunThread>(
        [mapping = session.mapping(), engine = session.engineSettings(), settings = m_settings,
         reported](const StopSignal &signal) { produceRedisStream(mapping, engine, settings, signal, reported); });
}

void ProduceCommand::deliver()
{
    for (const ProduceReport &report : m_mailbox.takeAll()) {
        if (!report.ended)
            m_hindrance.update(report.hindered, *m_console);
        report.ended ? finish(report) : tell(report);
    }
}

void ProduceCommand::tell(const ProduceReport &report)
{
    if (!m_console->wantsJson())
        return m_console->progress(tr("sent %1 (%2/s)").arg(report.sent).arg(report.perSecond(), 0, 'f', 0));
    const auto second = static_cast<qint64>(report.elapsedS);
    if (second == m_shownSecond)
        return;
    m_shownSecond = second;
    m_console->json(jsonOf(report, m_settings.seed));
}

void ProduceCommand::finish(const ProduceReport &report)
{
    if (m_console->wantsJson())
        m_console->json(jsonOf(report, m_settings.seed));
    else
        m_console->line(
            tr("sent %1 (%2/s), seed %3").arg(report.sent).arg(report.perSecond(), 0, 'f', 1).arg(m_settings.seed));
    if (report.failed)
        m_console->message(errorSentence(*report.failed));
    Q_EMIT finished(report.failed   ? exitcode::of(*report.failed)
                    : m_signal != 0 ? exitcode::signalBase + m_signal
                                    : exitcode::done);
}

void ProduceCommand::interrupted(int signal)
{
    if (!m_thread)
        return Command::interrupted(signal);
    std::exchange(m_signal, signal) != 0 ? m_thread->breakOff() : m_thread->stop();
}

} // namespace throughline::cli
