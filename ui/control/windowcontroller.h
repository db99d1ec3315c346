// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/session.h"
#include "ui/control/windowstate.h"
#include "ui/mainwindow.h"
#include "ui/theme.h"

#include <QObject>

#include <memory>

namespace throughline {

class ActivityController;
class GeneratorController;
class GridArea;
class TableController;

/// The composition root of the window: shows how the session opens, asks what it needs to know, and puts the table in
/// place when it is ready. Emits closed() when everything behind the window has ended.
class WindowController final : public QObject
{
    Q_OBJECT

public:
    WindowController(AppConfig config, Theme &theme, QObject *parent = nullptr);
    ~WindowController() override;

    /// Shows the window and opens the session.
    void start();
    [[nodiscard]] MainWindow &window() noexcept { return *m_window; }

Q_SIGNALS:
    void closed();

private:
    void connectSession();
    void connectWindow(Theme &theme);
    void onReady();
    void onFailed(const StoreError &error);
    void onPreparationNeeded(const PreparationQuestion &question);
    void onOwnerEnded();
    void onServerDied(const QString &sentence);
    void reopen();
    void leaveTable();
    void onCloseRequested();
    void closeNow();

    Session m_session;
    WindowState m_state;
    WindowParts m_parts;
    GridArea *m_area;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<TableController> m_table;
    std::unique_ptr<GeneratorController> m_generator;
    std::unique_ptr<ActivityController> m_activity;
    bool m_closing = false;
};

} // namespace throughline
