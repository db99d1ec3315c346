// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow.h"

#include "ui/dockarea.h"
#include "ui/mainactions.h"
#include "ui/maintoolbar.h"
#include "ui/panes/generatorform.h"
#include "ui/panes/generatorpane.h"
#include "ui/panes/receiptpane.h"
#include "ui/panes/statusline.h"
#include "ui/panes/storepanes.h"
#include "ui/panes/tablebar.h"
#include "ui/widgets/environmentband.h"
#include "ui/widgets/statepage.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusTipEvent>
#include <QVBoxLayout>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr QSize usualSize(1280, 800);
constexpr QSize leastSize(900, 560);
constexpr int lowWindow = 640;
constexpr int linesInLowWindow = 5;
constexpr int usualLines = 12;
constexpr int tightRoom = 450;
constexpr int linesInTightWindow = 3;
constexpr int compactWidth = 1200;

QString singular(const QString &table)
{
    // A table's name is mostly an English plural; where it is not, the whole name still says which rows are meant.
    return table.size() > 3 && table.endsWith(u's') && !table.endsWith("ss"_L1) ? table.chopped(1) : table;
}

} // namespace

MainWindow::MainWindow(const WindowParts &parts, QWidget *parent)
    : QMainWindow(parent)
    , m_parts(parts)
    , m_actions(new MainActions(this))
    , m_toolBar(new MainToolBar(*m_actions, this))
    , m_stack(new QStackedWidget(this))
    , m_docks(new DockArea(m_stack, parts.generator, parts.activity, *m_actions, this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
{
    m_actions->fillMenus(*menuBar());
    addToolBar(m_toolBar);
    placeParts();
    connectActions();
    connectGenerator();
    setMinimumSize(leastSize);
    resize(usualSize);
    showPage();
}

MainWindow::~MainWindow()
{
    m_docks->disconnect(this); // docks are hidden when nothing of the window is left but its children
}

void MainWindow::setConnection(const QString &table, const QString &connection, Environment environment)
{
    m_actions->setRowNouns(singular(table));
    m_toolBar->setRowsNoun(table);
    m_toolBar->setConnection(connection);
    setTableActionsEnabled(true);
    const bool generates = environment == Environment::Development;
    const QString refusal = environment == Environment::Production
                                ? tr("The generator is off in production.")
                                : tr("The generator is off: nothing can be written here.");
    m_toolBar->setGeneratorEnabled(generates, refusal);
    m_parts.generator->setAllowed(generates, refusal);
    for (const Command command : {Command::StartStop, Command::FocusRate, Command::DoubleRate, Command::HalveRate})
        m_actions->action(command)->setEnabled(generates);
    QString title = tr("%1 - %2").arg(table, connection);
    if (environment == Environment::Production)
        title += tr(" [PRODUCTION]");
    else if (environment == Environment::ReadOnly)
        title += tr(" [READ-ONLY]");
    setWindowTitle(tr("%1 - Throughline").arg(title));
    adaptToSize();
}

/// Without a table there is nothing that these could act on.
void MainWindow::setTableActionsEnabled(bool enabled)
{
    m_toolBar->setEnabled(enabled);
    for (const Command command :
         {Command::Copy,         Command::EditCell,  Command::SetNull,       Command::RevertCell, Command::Find,
          Command::SelectAll,    Command::FocusGrid, Command::FocusDatabase, Command::FocusCache, Command::NextPane,
          Command::PreviousPane, Command::Refresh,   Command::AddRow,        Command::DeleteRows, Command::TakeTheirs,
          Command::WriteMine,    Command::StartStop, Command::FocusRate,     Command::CancelWork, Command::FirstSteps})
        m_actions->action(command)->setEnabled(enabled);
}

void MainWindow::showTable()
{
    m_stack->setCurrentWidget(m_stack->widget(0));
    m_parts.grid->setFocus();
}

void MainWindow::showPage()
{
    setTableActionsEnabled(false);
    m_stack->setCurrentWidget(m_parts.page);
}

void MainWindow::showActivity()
{
    m_docks->setActivityShown(true);
}

void MainWindow::showGenerator()
{
    m_docks->setGeneratorShown(true);
}

void MainWindow::restoreDocks(const QByteArray &docks)
{
    m_docks->restoreState(docks);
    fitPanes();
}

QByteArray MainWindow::saveDocks() const
{
    return m_docks->saveState();
}

void MainWindow::allowClosing()
{
    m_mayClose = true;
}

bool MainWindow::event(QEvent *event)
{
    if (event->type() == QEvent::StatusTip) {
        m_parts.status->showMessage(static_cast<QStatusTipEvent *>(event)->tip());
        return true;
    }
    return QMainWindow::event(event);
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    adaptToSize();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_mayClose)
        return QMainWindow::closeEvent(event);
    event->ignore();
    Q_EMIT closeRequested();
}

void MainWindow::placeParts()
{
    auto *table = new QWidget(m_stack);
    auto *column = new QVBoxLayout(table);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_parts.tableBar);
    column->addWidget(m_splitter, 1);
    column->addWidget(m_parts.receipt);
    m_splitter->addWidget(m_parts.grid);
    m_splitter->addWidget(m_parts.panes);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_stack->addWidget(table);
    m_stack->addWidget(m_parts.page);
    auto *centre = new QWidget(this);
    auto *whole = new QVBoxLayout(centre);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addWidget(m_parts.band);
    whole->addWidget(m_docks, 1);
    // Not in a QStatusBar: its margins would make the line six pixels higher than the others.
    whole->addWidget(m_parts.status);
    setCentralWidget(centre);
}

void MainWindow::connectGenerator()
{
    auto *menu = new QMenu(this);
    m_actions->fillRunMenu(*menu);
    m_parts.generator->setMenu(menu);
    connect(m_parts.generator, &GeneratorPane::startStopClicked, m_actions->action(Command::StartStop),
            &QAction::trigger);
    QAction *verify = m_actions->action(Command::VerifyAfterRun);
    GeneratorForm &form = m_parts.generator->form();
    form.setVerifies(verify->isChecked());
    connect(&form, &GeneratorForm::verifiesChanged, verify, &QAction::setChecked);
    connect(verify, &QAction::toggled, &form, &GeneratorForm::setVerifies);
    connect(m_parts.generator, &GeneratorPane::saveReportClicked, m_actions->action(Command::SaveReport),
            &QAction::trigger);
}

void MainWindow::connectActions()
{
    const auto on = [this](Command command, auto work) {
        connect(m_actions->action(command), &QAction::triggered, this, work);
    };
    on(Command::Quit, [this] { close(); });
    on(Command::Find, [this] { m_toolBar->focusSearch(); });
    on(Command::FocusRate, [this] { m_toolBar->focusRate(); });
    on(Command::FocusGrid, [this] { m_parts.grid->setFocus(Qt::ShortcutFocusReason); });
    on(Command::FocusDatabase, [this] { m_parts.panes->focusDatabase(); });
    on(Command::FocusCache, [this] { m_parts.panes->focusCache(); });
    on(Command::NextPane, [this] { moveFocus(+1); });
    on(Command::PreviousPane, [this] { moveFocus(-1); });
    on(Command::FullScreen, [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
    on(Command::LookSystem, [this] { Q_EMIT lookChosen(Look::System); });
    on(Command::LookLight, [this] { Q_EMIT lookChosen(Look::Light); });
    on(Command::LookDark, [this] { Q_EMIT lookChosen(Look::Dark); });
    on(Command::About, [this] { showAbout(); });
    connect(m_toolBar, &MainToolBar::searchLeft, this, [this] { m_parts.grid->setFocus(Qt::OtherFocusReason); });
    connect(m_docks, &DockArea::left, this, [this] { m_parts.grid->setFocus(Qt::ShortcutFocusReason); });
    connect(m_docks, &DockArea::roomChanged, this, &MainWindow::fitPanes);
}

void MainWindow::moveFocus(int step)
{
    QWidgetList stops{m_toolBar->searchField(), m_parts.grid, m_parts.panes->databasePane(),
                      m_parts.panes->cachePane()};
    stops << m_docks->stops();
    const QWidget *focused = QApplication::focusWidget();
    int at = 0;
    for (int i = 0; i < int(stops.size()); ++i)
        if (focused && (stops[i] == focused || stops[i]->isAncestorOf(focused)))
            at = i;
    const int count = int(stops.size());
    stops[(at + step + count) % count]->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::adaptToSize()
{
    m_toolBar->fitInto(width());
    m_parts.status->setCompact(width() < compactWidth);
    m_docks->adaptTo(size());
    fitPanes();
}

void MainWindow::fitPanes()
{
    if (!m_parts.panes->setMostLines(linesThatFit()))
        return;
    // A splitter keeps the sizes it has, also when its parts would now like others.
    const QList<int> sizes = m_splitter->sizes();
    const int panes = m_parts.panes->sizeHint().height();
    m_splitter->setSizes({qMax(1, sizes.value(0) + sizes.value(1) - panes), panes});
}

/// The grid keeps some rows, also beside an open dock.
int MainWindow::linesThatFit() const
{
    const int room = height() - m_docks->heightBelow();
    return room < tightRoom ? linesInTightWindow : room < lowWindow ? linesInLowWindow : usualLines;
}

void MainWindow::showAbout()
{
    auto *box =
        new QMessageBox(QMessageBox::NoIcon, tr("About Throughline"),
                        tr("Throughline %1").arg(QStringLiteral(THROUGHLINE_VERSION)), QMessageBox::Close, this);
    box->setInformativeText(tr("A desktop administrator for a PostgreSQL table that is cached in Redis.\n"
                               "Free software under the GNU General Public License, version 3 or later."));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace throughline
