// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/generatorservice.h"

#include <QObject>

namespace throughline {

class MainWindow;
class Session;
class StatusLine;
class TableController;

/// Start, stop and rate of the update generator, its counters in the status bar, and its rows in the grid.
class GeneratorController final : public QObject
{
    Q_OBJECT

public:
    GeneratorController(const Session &session, MainWindow &window, StatusLine &status, TableController &table,
                        QObject *parent = nullptr);

private:
    void startOrStop();
    void onRunning(bool running);
    void onFinished(const LoadReport &report);

    GeneratorService m_generator;
    MainWindow &m_window;
    StatusLine &m_status;
    bool m_allowed;
};

} // namespace throughline
