// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/generatorservice.h"
#include "ui/control/generatorfiles.h"
#include "ui/models/generatortexts.h"

#include <QObject>

namespace throughline {

class GeneratorPane;
class MainWindow;
class Session;
class StatusLine;
class TableController;
class WindowState;

/// Runs of the update generator: start, stop, pause and rate, and what becomes of them in dock, toolbar, status bar and
/// grid. The settings are the dock's fields and are remembered from one session to the next.
class GeneratorController final : public QObject
{
    Q_OBJECT

public:
    struct Parts
    {
        MainWindow &window;
        GeneratorPane &pane;
        StatusLine &status;
        TableController &table;
        WindowState &state;
    };
    GeneratorController(const Session &session, const Parts &parts, QObject *parent = nullptr);
    ~GeneratorController() override;

private:
    void connectActions();
    void connectService();
    void restoreSettings();
    void rememberSettings();
    void takeSettings(const LoadSettings &settings);
    void startOrStop();
    void start();
    void stop();
    void pauseOrGoOn();
    void enterRate(const QString &text);
    void scaleRate(double factor);
    void applyRate();
    void showRate();
    void onRunning(bool running);
    void onStats(const LoadStats &stats);
    void onFinished(const LoadReport &report);

    Parts m_parts;
    Mapping m_mapping;
    GeneratorService m_service;
    GeneratorFiles m_files;
    LoadSettings m_rate;    ///< of toolbar and dock: rate and schedule, nothing else
    LoadSettings m_running; ///< settings of the run
    LoadStats m_stats;
    double m_heldRate = 0; ///< at which a paused run goes on
    bool m_isPaused = false;
    bool m_allowed;
};

} // namespace throughline
