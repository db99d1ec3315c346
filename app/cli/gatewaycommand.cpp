// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/gatewaycommand.h"

#include "cli/earlieredits.h"
#include "cli/exitcodes.h"
#include "cli/outcometext.h"
#include "engine/upkeepworker.h"

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds figuresInterval{5000};
/// A program that was killed a moment ago may still count as alive.
constexpr milliseconds onceDeadline{3000};

QJsonObject jsonOf(const UpkeepReport &report)
{
    QJsonObject json{{u"claimed_rows"_s, report.claimedRows},     {u"pushed_keys"_s, report.pushedKeys},
                     {u"confirmed_rows"_s, report.confirmedRows}, {u"tables_dropped"_s, report.tablesDropped},
                     {u"waiting_rows"_s, report.waiting.rows},    {u"oldest_s"_s, report.waiting.oldestS},
                     {u"recovering"_s, report.recovering}};
    if (report.error)
        json.insert(u"error"_s, report.error->message);
    return json;
}

} // namespace

GatewayCommand::GatewayCommand()
    : Command({u"gateway"_s, tr("bring what other programs change into the cache, and recover it"), u"[--once]"_s,
               u"throughlinectl gateway"_s, true})
{
    m_timer.setInterval(figuresInterval);
    connect(&m_timer, &QTimer::timeout, this, [this] { tell(m_last, false); });
}

GatewayCommand::~GatewayCommand() = default;

void GatewayCommand::addOptions(QCommandLineParser &parser)
{
    parser.addOption({u"once"_s, tr("Take over what waits, push it, and end.")});
}

QString GatewayCommand::take(const QCommandLineParser &parser, const QStringList &arguments)
{
    m_once = parser.isSet(u"once"_s);
    return arguments.isEmpty() ? QString() : tr("\"gateway\" takes options only.");
}

void GatewayCommand::run(Session &session, Console &console)
{
    m_console = &console;
    WriteThrough engine(session.mapping(), session.engineSettings(), interrupt());
    settleEarlierEdits(engine, session.mapping(), console);
    if (m_once)
        return runOnce(session, console);
    console.message(tr("Keeping the cache of %1 up to date. Ctrl+C ends it.").arg(session.mapping().table));
    m_worker = std::make_unique<UpkeepWorker>(std::vector{session.mapping()}, session.engineSettings(),
                                              [this](UpkeepReport report) {
                                                  if (m_mailbox.post(std::move(report)))
                                                      QMetaObject::invokeMethod(this, "deliver", Qt::QueuedConnection);
                                              });
    m_timer.start();
}

void GatewayCommand::runOnce(Session &session, Console &console)
{
    Upkeep upkeep({session.mapping()}, session.engineSettings(), interrupt());
    const bool done = upkeep.finishOnce(Clock::now() + onceDeadline);
    const UpkeepReport &report = upkeep.report();
    tell(report, true);
    if (!done && report.error)
        console.message(errorSentence(*report.error));
    else if (!done)
        console.message(tr("Another program is recovering the cache; try again when it has finished."));
    Q_EMIT finished(done ? exitcode::done : report.error ? codeOf(*report.error) : exitcode::failed);
}

void GatewayCommand::deliver()
{
    for (UpkeepReport &report : m_mailbox.takeAll()) {
        // What hinders it is said when it begins and when it ends, not at every attempt.
        const bool changed = report.error.has_value() != m_last.error.has_value();
        m_last = std::move(report);
        if (changed)
            m_console->message(m_last.error ? errorSentence(*m_last.error) : tr("The stores answer again."));
    }
}

void GatewayCommand::tell(const UpkeepReport &report, bool final)
{
    if (!final && report == m_told)
        return;
    m_told = report;
    if (m_console->wantsJson()) {
        m_console->json(jsonOf(report));
        return;
    }
    const QString figures = tr("taken over %1 rows, pushed %2 keys, confirmed %3 rows, %4 rows wait")
                                .arg(report.claimedRows)
                                .arg(report.pushedKeys)
                                .arg(report.confirmedRows)
                                .arg(report.waiting.rows);
    final ? m_console->line(figures) : m_console->message(figures);
}

void GatewayCommand::interrupted(int signal)
{
    if (!m_worker)
        return Command::interrupted(signal);
    m_timer.stop();
    m_worker.reset(); // finishes what is in hand
    deliver();
    tell(m_last, true);
    Q_EMIT finished(exitcode::done);
}

} // namespace throughline::cli
