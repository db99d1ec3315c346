// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/gatewaycommand.h"

#include "cli/earlieredits.h"
#include "cli/exitcodes.h"
#include "cli/gatewayhealth.h"
#include "cli/metricsserver.h"
#include "cli/metricstext.h"
#include "cli/outcometext.h"
#include "cli/servicenotifier.h"
#include "engine/stagedworker.h"
#include "engine/stagedwrites.h"
#include "engine/upkeepworker.h"

#include <utility>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr int defaultEveryS = 5;
constexpr int longestEveryS = 86'400;
/// So that PostgreSQL and Redis are busy at the same time; see tests/benches/README.md.
constexpr size_t stagedLanes = 3;
/// A program that was killed a moment ago may still count as alive.
constexpr milliseconds onceDeadline{3000};

QString tableNames(const Session &session)
{
    QStringList names;
    for (const Mapping &mapping : session.mappings())
        names << mapping.config.table;
    return names.join(", "_L1);
}

} // namespace

GatewayCommand::GatewayCommand()
    : Command({u"gateway"_s, tr("carry staged writes to the table and other programs' changes to the cache"),
               u"[--every SECONDS] [--metrics ADDRESS] | --once | --health"_s, u"throughlinectl gateway"_s, true})
{
    connect(&m_timer, &QTimer::timeout, this, [this] { tell(false); });
}

GatewayCommand::~GatewayCommand() = default;

void GatewayCommand::addOptions(QCommandLineParser &parser)
{
    parser.addOptions({{u"once"_s, tr("Take over what waits, push it, and end.")},
                       {u"health"_s, tr("Only tell whether the cache is kept up to date, with the exit code.")},
                       {u"every"_s, tr("Seconds between two lines of figures."), u"SECONDS"_s},
                       {u"metrics"_s, tr("Serve metrics at unix:/path or at a loopback port."), u"ADDRESS"_s}});
}

QString GatewayCommand::take(const QCommandLineParser &parser, const QStringList &arguments)
{
    const bool once = parser.isSet(u"once"_s);
    const bool health = parser.isSet(u"health"_s);
    m_mode = once ? Mode::Once : health ? Mode::Health : Mode::Serve;
    if (!arguments.isEmpty())
        return tr("\"gateway\" takes options only.");
    const bool serving = parser.isSet(u"every"_s) || parser.isSet(u"metrics"_s);
    if (int(once) + int(health) + int(serving) > 1)
        return tr("--once and --health each stand alone.");
    return takeServing(parser);
}

QString GatewayCommand::takeServing(const QCommandLineParser &parser)
{
    int seconds = defaultEveryS;
    if (parser.isSet(u"every"_s)) {
        bool isNumber = false;
        seconds = parser.value(u"every"_s).toInt(&isNumber);
        if (!isNumber || seconds < 1 || seconds > longestEveryS)
            return tr("--every is a number of seconds from 1 to %1.").arg(longestEveryS);
    }
    m_timer.setInterval(std::chrono::seconds(seconds));
    if (!parser.isSet(u"metrics"_s))
        return {};
    m_metricsAddress = MetricsAddress::parse(parser.value(u"metrics"_s));
    if (m_metricsAddress)
        return {};
    return tr("--metrics takes the path of a socket, as in unix:/run/throughline/metrics.sock, or a loopback port, as "
              "in "
              "127.0.0.1:9187, not \"%1\": the figures are given to whoever asks, so they stay on this machine.")
        .arg(parser.value(u"metrics"_s));
}

SessionOptions GatewayCommand::sessionOptions() const
{
    SessionOptions options;
    options.opensTable = m_mode != Mode::Health;
    options.opensAllTables = true;
    return options;
}

void GatewayCommand::run(Session &session, Console &console)
{
    m_console = &console;
    if (m_mode == Mode::Health)
        return runHealth(session);
    if (m_metricsAddress && !serveMetrics())
        return;
    for (const Mapping &mapping : session.mappings()) {
        WriteThrough engine(mapping, session.engineSettings(), interrupt());
        settleEarlierEdits(engine, mapping, console);
    }
    m_mode == Mode::Once ? runOnce(session) : serve(session);
}

void GatewayCommand::runHealth(Session &session)
{
    const StoreStatus status =
        StoreStatus::gather(session.engineSettings(), session.config().mappings, StoreStatus::Depth::Quick);
    const GatewayHealth health = GatewayHealth::of(status);
    if (m_console->wantsJson())
        m_console->json(healthJson(health, status));
    else if (health.good())
        m_console->line(tr("The cache is kept up to date."));
    for (const QString &reason : health.reasons)
        m_console->message(reason);
    Q_EMIT finished(health.exitCode);
}

void GatewayCommand::runOnce(Session &session)
{
    Upkeep upkeep(session.mappings(), session.engineSettings(), interrupt());
    std::ignore = upkeep.recover(); // what does not work is told below
    bool servedStaged = false;
    {
        StagedWrites staged(session.mappings(), session.engineSettings(), interrupt());
        servedStaged = staged.finishOnce(Clock::now() + onceDeadline);
        m_figures.staged = staged.report();
    } // what it leaves in the outbox belongs to nobody now
    const bool drained = upkeep.finishOnce(Clock::now() + onceDeadline);
    m_figures.upkeep = upkeep.report();
    tell(true);
    const auto &error = m_figures.hindrance();
    if (drained && servedStaged)
        return Q_EMIT finished(exitcode::done);
    if (error)
        m_console->message(errorSentence(*error));
    else if (!drained)
        m_console->message(tr("Another program is recovering the cache; try again when it has finished."));
    else
        m_console->message(tr("Not all that is staged could be carried out in time; try again."));
    Q_EMIT finished(error ? codeOf(*error) : exitcode::failed);
}

void GatewayCommand::serve(Session &session)
{
    m_console->message(tr("Keeping the cache of %1 up to date. Ctrl+C ends it.").arg(tableNames(session)));
    m_notifier = std::make_unique<ServiceNotifier>();
    const auto post = [this](std::variant<UpkeepReport, StagedReport> report) {
        if (m_mailbox.post(std::move(report)))
            QMetaObject::invokeMethod(this, "deliver", Qt::QueuedConnection);
    };
    m_upkeep = std::make_unique<UpkeepWorker>(session.mappings(), session.engineSettings(), post);
    m_staged = std::make_unique<StagedWorker>(
        session.mappings(), session.engineSettings(), stagedLanes,
        [post](StagedReport report, const std::vector<StagedEvent> &) { post(std::move(report)); });
    m_notifier->watch([this] { return progress(); });
    m_timer.start();
}

bool GatewayCommand::serveMetrics()
{
    m_metrics = std::make_unique<MetricsServer>([this] { return metricsText(m_figures); });
    if (const auto listens = m_metrics->listen(*m_metricsAddress); !listens) {
        m_console->message(listens.error().message);
        Q_EMIT finished(exitcode::failed);
        return false;
    }
    m_console->message(tr("Metrics are served at %1.").arg(m_metrics->address()));
    return true;
}

void GatewayCommand::deliver()
{
    for (auto &report : m_mailbox.takeAll()) {
        std::visit([this](auto &&one) { take(std::move(one)); }, std::move(report));
        m_figures.reported = m_upkeepReported && m_stagedReported;
        const bool changed = m_hindrance.update(m_figures.hindrance(), *m_console);
        if (changed || !m_ready)
            notify();
    }
}

void GatewayCommand::take(UpkeepReport report)
{
    m_figures.upkeep = std::move(report);
    m_upkeepReported = true;
}

void GatewayCommand::take(StagedReport report)
{
    m_figures.staged = std::move(report);
    m_stagedReported = true;
}

void GatewayCommand::notify()
{
    if (!m_notifier)
        return;
    m_notifier->setStatus(m_figures.hindrance() ? errorSentence(*m_figures.hindrance()) : figuresLine(m_figures));
    if (m_figures.serves() && !std::exchange(m_ready, true))
        m_notifier->setReady();
}

quint64 GatewayCommand::progress()
{
    if (m_upkeep && m_staged && m_upkeep->steps() != m_upkeepSteps && m_staged->steps() != m_stagedSteps) {
        m_upkeepSteps = m_upkeep->steps();
        m_stagedSteps = m_staged->steps();
        ++m_progress;
    }
    return m_progress;
}

void GatewayCommand::tell(bool final)
{
    const QString line = figuresLine(m_figures);
    if (!final)
        notify();
    if (m_console->wantsJson())
        m_console->json(figuresJson(m_figures));
    else if (final)
        m_console->line(line);
    else
        m_console->message(line);
}

void GatewayCommand::interrupted(int signal)
{
    if (m_mode != Mode::Serve)
        return Command::interrupted(signal);
    m_timer.stop();
    if (m_upkeep) {
        m_notifier->setStopping();
        m_staged.reset(); // finishes what is in hand
        m_upkeep.reset();
        deliver();
        tell(true);
    }
    Q_EMIT finished(exitcode::done);
}

} // namespace throughline::cli
