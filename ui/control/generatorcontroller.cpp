// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/control/generatorcontroller.h"

#include "generator/loadprofile.h"
#include "session/session.h"
#include "ui/charts/chartspane.h"
#include "ui/control/tablecontroller.h"
#include "ui/control/windowstate.h"
#include "ui/mainactions.h"
#include "ui/maintoolbar.h"
#include "ui/mainwindow.h"
#include "ui/models/generatorwords.h"
#include "ui/panes/generatorform.h"
#include "ui/panes/generatorpane.h"
#include "ui/panes/statusline.h"

#include <QAction>
#include <QRandomGenerator>

namespace throughline {

namespace {

/// The next write of such a rate is due in thirty years; 0 would be no limit.
constexpr double nearlyNothing = 1e-9;
constexpr quint32 highestSeed = 1'000'000;

LoadTarget targetOf(const Session &session)
{
    return {session.mapping(), session.engineSettings(), session.environment()};
}

} // namespace

GeneratorController::GeneratorController(const Session &session, const Parts &parts, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
    , m_mapping(session.mapping())
    , m_service(targetOf(session))
    , m_files(parts.window, parts.pane)
    , m_allowed(session.environment() == Environment::Development)
{
    connectActions();
    connectService();
    restoreSettings();
    parts.status.setWritesPerSecond(0);
}

GeneratorController::~GeneratorController()
{
    rememberSettings();
    if (m_service.isRunning())
        onRunning(false); // the window stays when the stores go
}

void GeneratorController::connectActions()
{
    const auto on = [this](Command command, auto work) {
        connect(m_parts.window.actions().action(command), &QAction::triggered, this, work);
    };
    on(Command::StartStop, [this] { startOrStop(); });
    on(Command::PauseRun, [this] { pauseOrGoOn(); });
    on(Command::DoubleRate, [this] { scaleRate(2); });
    on(Command::HalveRate, [this] { scaleRate(0.5); });
    connect(&m_parts.window.toolBar(), &MainToolBar::rateEntered, this, &GeneratorController::enterRate);
    connect(&m_parts.pane.form(), &GeneratorForm::rateEntered, this, &GeneratorController::enterRate);
    connect(&m_files, &GeneratorFiles::profileOpened, this, &GeneratorController::takeSettings);
    connect(&m_files, &GeneratorFiles::sentence, &m_parts.status, &StatusLine::showMessage);
}

void GeneratorController::connectService()
{
    connect(&m_service, &GeneratorService::runningChanged, this, &GeneratorController::onRunning);
    connect(&m_service, &GeneratorService::statsChanged, this, &GeneratorController::onStats);
    connect(&m_service, &GeneratorService::sampled, &m_parts.pane.charts(), &ChartsPane::add);
    connect(&m_service, &GeneratorService::finished, this, &GeneratorController::onFinished);
    connect(&m_service, &GeneratorService::rowsCommitted, &m_parts.table, &TableController::takeLiveRows);
    connect(&m_service, &GeneratorService::rowsSkipped, &m_parts.table, &TableController::readPagesAgain);
    m_service.setCollectsRows(true);
}

void GeneratorController::restoreSettings()
{
    const auto remembered = loadprofile::parse(m_parts.state.generatorProfile(), {});
    const bool isFirst = m_parts.state.generatorProfile().isEmpty() || !remembered;
    takeSettings(isFirst ? generatortexts::firstSettings() : *remembered);
    m_parts.pane.form().setText(GeneratorField::Seed, isFirst ? QString() : m_parts.state.generatorSeed());
}

void GeneratorController::rememberSettings()
{
    const GeneratorTexts texts = m_parts.pane.form().texts();
    if (const auto settings = generatortexts::settingsFrom(texts, 1))
        m_parts.state.setGenerator(loadprofile::toText(*settings), texts.of(GeneratorField::Seed));
}

void GeneratorController::takeSettings(const LoadSettings &settings)
{
    m_parts.pane.form().setTexts(generatortexts::textsOf(settings));
    m_rate.rate = settings.rate;
    m_rate.schedule = settings.schedule;
    showRate();
}

void GeneratorController::startOrStop()
{
    if (m_service.isRunning())
        stop();
    else if (!m_allowed)
        m_parts.status.showMessage(tr("The generator is off: it writes only to servers for development."));
    else
        start();
}

void GeneratorController::start()
{
    GeneratorForm &form = m_parts.pane.form();
    m_parts.window.toolBar().commitRate();
    if (!form.check()) {
        m_parts.status.showMessage(tr("Not started: a setting of the generator needs another value."));
        m_parts.window.showGenerator();
        return;
    }
    m_running = *generatortexts::settingsFrom(form.texts(), QRandomGenerator::global()->bounded(1U, highestSeed));
    if (const auto suits = loadprofile::check(m_running, m_mapping); !suits) {
        form.showFault({GeneratorField::Fields, suits.error().message});
        m_parts.status.showMessage(suits.error().message);
        return;
    }
    m_rate.rate = m_running.rate;
    m_rate.schedule = m_running.schedule;
    showRate();
    m_stats = {};
    m_parts.pane.charts().clear();
    m_service.start(m_running);
    rememberSettings();
}

void GeneratorController::stop()
{
    m_service.stop();
    m_parts.window.actions().action(Command::PauseRun)->setEnabled(false);
}

/// The run goes on, with nothing due: connections and charts stay as they are.
void GeneratorController::pauseOrGoOn()
{
    if (!m_service.isRunning() || m_stats.phase > LoadPhase::Running)
        return;
    const bool hasSchedule = !m_running.schedule.empty();
    if (!m_isPaused && hasSchedule && m_stats.elapsedS <= 0) { // nobody knows yet which rate it has
        m_parts.status.showMessage(tr("The run has not begun yet. Pause it in a moment."));
        return;
    }
    m_isPaused = !m_isPaused;
    m_parts.window.actions().setRunPaused(m_isPaused);
    if (m_isPaused) {
        m_heldRate = hasSchedule ? m_stats.targetPerSecond : m_running.rate; // the field may hold that of the next run
        m_service.setRate(nearlyNothing);
        return;
    }
    m_service.setRate(m_heldRate);
    if (m_running.schedule.empty())
        return;
    m_running.schedule.clear();
    m_running.rate = m_heldRate;
    m_parts.status.showMessage(tr("The schedule has ended with the pause; the run goes on with the rate it had."));
}

void GeneratorController::enterRate(const QString &text)
{
    LoadSettings entered;
    if (const auto taken = generatortexts::takeRate(text, entered); !taken) {
        m_parts.status.showMessage(taken.error().sentence);
        showRate(); // what is not a rate goes back to the last one
        return;
    }
    const bool isNew = entered.rate != m_rate.rate || entered.schedule != m_rate.schedule;
    m_rate = entered;
    showRate();
    if (isNew && m_service.isRunning())
        applyRate();
}

void GeneratorController::scaleRate(double factor)
{
    if (!m_rate.schedule.empty() || m_rate.rate <= 0) {
        m_parts.status.showMessage(tr("Only a rate that is a number can be doubled or halved."));
        return;
    }
    LoadSettings scaled;
    scaled.rate = m_rate.rate * factor;
    enterRate(generatortexts::rateText(scaled));
}

void GeneratorController::applyRate()
{
    if (!m_rate.schedule.empty()) {
        m_parts.status.showMessage(tr("A schedule begins with the next start. This run keeps its rate."));
        return;
    }
    m_running.schedule.clear();
    m_running.rate = m_rate.rate;
    m_heldRate = m_rate.rate;
    if (!m_isPaused)
        m_service.setRate(m_rate.rate);
}

void GeneratorController::showRate()
{
    const QString text = generatortexts::rateText(m_rate);
    m_parts.pane.form().setText(GeneratorField::Rate, text);
    m_parts.window.toolBar().setRateText(text);
}

void GeneratorController::onRunning(bool running)
{
    m_isPaused = false;
    m_parts.window.actions().setGeneratorRunning(running);
    m_parts.window.toolBar().setGeneratorRunning(running);
    m_parts.pane.setRunning(running);
    m_files.setRunning(running);
}

void GeneratorController::onStats(const LoadStats &stats)
{
    m_stats = stats;
    m_parts.pane.showStats(stats);
    m_parts.pane.setState(generatorwords::stateOf(stats, m_running.seed, m_isPaused));
    m_parts.status.setGenerator(stats);
    m_parts.status.setWritesPerSecond(stats.perSecond);
}

void GeneratorController::onFinished(const LoadReport &report)
{
    m_parts.status.setGenerator(std::nullopt);
    m_parts.status.setWritesPerSecond(0);
    const QString result = generatorwords::resultOf(report);
    m_parts.status.showMessage(result);
    m_parts.pane.setState(generatorwords::endOf(report));
    m_parts.pane.showResult(result, generatorwords::toneOf(report));
    m_files.setReport(report);
}

} // namespace throughline
