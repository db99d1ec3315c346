// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/control/generatorcontroller.h"

#include "session/session.h"
#include "ui/control/tablecontroller.h"
#include "ui/formats.h"
#include "ui/mainactions.h"
#include "ui/maintoolbar.h"
#include "ui/mainwindow.h"
#include "ui/panes/statusline.h"

#include <QAction>
#include <QRandomGenerator>

namespace throughline {

GeneratorController::GeneratorController(const Session &session, MainWindow &window, StatusLine &status,
                                         TableController &table, QObject *parent)
    : QObject(parent)
    , m_generator(session.mapping(), session.engineSettings())
    , m_window(window)
    , m_status(status)
    , m_allowed(session.environment() == Environment::Development)
{
    connect(window.actions().action(Command::StartStop), &QAction::triggered, this, &GeneratorController::startOrStop);
    connect(&window.toolBar(), &MainToolBar::rateChanged, &m_generator, &GeneratorService::setRate);
    connect(&m_generator, &GeneratorService::runningChanged, this, &GeneratorController::onRunning);
    connect(&m_generator, &GeneratorService::statsChanged, this, [this](const LoadStats &stats) {
        m_status.setGenerator(stats);
        m_status.setWritesPerSecond(stats.perSecond);
    });
    connect(&m_generator, &GeneratorService::finished, this, &GeneratorController::onFinished);
    connect(&m_generator, &GeneratorService::rowsCommitted, &table, &TableController::takeLiveRows);
    m_generator.setCollectsRows(true);
    m_status.setWritesPerSecond(0);
}

void GeneratorController::startOrStop()
{
    if (m_generator.isRunning()) {
        m_generator.stop();
        return;
    }
    if (!m_allowed) {
        m_status.showMessage(tr("The generator is off: it writes only to servers for development."));
        return;
    }
    LoadSettings settings;
    settings.rate = m_window.toolBar().rate();
    settings.seed = QRandomGenerator::global()->bounded(1U, 1'000'000U);
    m_generator.start(settings);
}

void GeneratorController::onRunning(bool running)
{
    m_window.actions().setGeneratorRunning(running);
    m_window.toolBar().setGeneratorRunning(running);
}

void GeneratorController::onFinished(const LoadReport &report)
{
    m_status.setGenerator(std::nullopt);
    m_status.setWritesPerSecond(0);
    if (report.error) {
        m_status.showMessage(report.error->message);
        return;
    }
    const QString written = tr("%1 updates written.").arg(formats::count(report.stats.committed));
    const QString verified =
        report.keysDiffering == 0
            ? tr("All %1 touched rows are the same in both stores.").arg(formats::count(report.keysVerified))
            : tr("%1 of %2 touched rows differ.")
                  .arg(formats::count(report.keysDiffering), formats::count(report.keysVerified));
    m_status.showMessage(written + u' ' + verified);
}

} // namespace throughline
