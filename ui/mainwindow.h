// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/safety.h"
#include "ui/theme.h"

#include <QMainWindow>

class QSplitter;
class QStackedWidget;

namespace throughline {

class ActivityPane;
class DockArea;
class EnvironmentBand;
class GeneratorPane;
class MainActions;
class MainToolBar;
class ReceiptPane;
class StatePage;
class StatusLine;
class StorePanes;
class TableBar;

/// The parts that the window places; it takes them over as children.
struct WindowParts
{
    QWidget *grid = nullptr; ///< the grid's area; gets the focus through its focus proxy
    TableBar *tableBar = nullptr;
    StorePanes *panes = nullptr;
    ReceiptPane *receipt = nullptr;
    GeneratorPane *generator = nullptr;
    ActivityPane *activity = nullptr;
    StatusLine *status = nullptr;
    EnvironmentBand *band = nullptr;
    StatePage *page = nullptr; ///< fills the window while there is no table
};

/// Places toolbar, bars, grid, panes and docks, and moves the focus between them. What the actions do is wired by its
/// owner.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(const WindowParts &parts, QWidget *parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] MainActions &actions() const noexcept { return *m_actions; }
    [[nodiscard]] MainToolBar &toolBar() const noexcept { return *m_toolBar; }

    /// `table` names the rows ("users"), `connection` the stores ("Sandbox", "shop at db1.example.net").
    void setConnection(const QString &table, const QString &connection, Environment environment);
    void showActivity();
    void showGenerator();
    /// Which docks are open, and how high: what saveDocks() gave in an earlier run.
    void restoreDocks(const QByteArray &docks);
    [[nodiscard]] QByteArray saveDocks() const;
    /// The table with its panes, or the state page in its place.
    void showTable();
    void showPage();
    /// Until this is said, closing the window only asks the owner.
    void allowClosing();

Q_SIGNALS:
    void lookChosen(throughline::Look look);
    /// The user wants to close; the owner may write what is queued and then call QWidget::close again.
    void closeRequested();

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    void setTableActionsEnabled(bool enabled);
    void placeParts();
    void connectGenerator();
    [[nodiscard]] int linesThatFit() const;
    void connectActions();
    void moveFocus(int step);
    void adaptToSize();
    void fitPanes();
    void showAbout();

    WindowParts m_parts;
    MainActions *m_actions;
    MainToolBar *m_toolBar;
    QStackedWidget *m_stack;
    DockArea *m_docks; ///< in the middle, so that docks lie between the bars and the status line
    QSplitter *m_splitter;
    bool m_mayClose = false;
};

} // namespace throughline
