// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/control/windowcontroller.h"

#include "ui/control/activitycontroller.h"
#include "ui/control/generatorcontroller.h"
#include "ui/control/tablecontroller.h"
#include "ui/dialogs/preparedialog.h"
#include "ui/mainactions.h"
#include "ui/panes/activitypane.h"
#include "ui/panes/generatorpane.h"
#include "ui/panes/gridarea.h"
#include "ui/panes/receiptpane.h"
#include "ui/panes/statusline.h"
#include "ui/panes/storepanes.h"
#include "ui/panes/tablebar.h"
#include "ui/widgets/environmentband.h"
#include "ui/widgets/statepage.h"

#include <QAction>
#include <QMessageBox>
#include <QPushButton>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

WindowParts makeParts(GridArea *area)
{
    WindowParts parts;
    parts.grid = area;
    parts.tableBar = new TableBar;
    parts.panes = new StorePanes;
    parts.receipt = new ReceiptPane;
    parts.generator = new GeneratorPane;
    parts.activity = new ActivityPane;
    parts.status = new StatusLine;
    parts.band = new EnvironmentBand;
    parts.page = new StatePage;
    return parts;
}

/// The upkeep of the window serves every configured table, although the grid shows the first.
SessionOptions windowOptions()
{
    SessionOptions options;
    options.opensAllTables = true;
    return options;
}

} // namespace

WindowController::WindowController(AppConfig config, Theme &theme, QObject *parent)
    : QObject(parent)
    , m_session(std::move(config), windowOptions())
    , m_area(new GridArea)
{
    m_parts = makeParts(m_area);
    m_window = std::make_unique<MainWindow>(m_parts);
    if (m_state.look() != Look::System) // without a choice of the user the theme has its own
        theme.setLook(m_state.look());
    m_state.restoreGeometryOf(*m_window);
    m_state.restoreDocksOf(*m_window);
    connectSession();
    connectWindow(theme);
}

WindowController::~WindowController() = default;

void WindowController::start()
{
    m_window->setWindowTitle(tr("Throughline"));
    m_parts.page->showProgress(tr("Opening"), {});
    m_window->show();
    m_session.open();
}

void WindowController::connectSession()
{
    connect(&m_session, &Session::progress, this,
            [this](const QString &step) { m_parts.page->showProgress(tr("Opening"), step); });
    connect(&m_session, &Session::ready, this, &WindowController::onReady);
    connect(&m_session, &Session::failed, this, &WindowController::onFailed);
    connect(&m_session, &Session::preparationNeeded, this, &WindowController::onPreparationNeeded);
    connect(&m_session, &Session::sandboxOwnerEnded, this, &WindowController::onOwnerEnded);
    connect(&m_session, &Session::serverDied, this, &WindowController::onServerDied);
    connect(&m_session, &Session::closed, this, &WindowController::closed);
}

void WindowController::connectWindow(Theme &theme)
{
    connect(m_window.get(), &MainWindow::closeRequested, this, &WindowController::onCloseRequested);
    connect(m_window.get(), &MainWindow::lookChosen, this, [this, &theme](Look look) {
        theme.setLook(look);
        m_state.setLook(look);
    });
    const Command lookCommand = m_state.look() == Look::Light  ? Command::LookLight
                                : m_state.look() == Look::Dark ? Command::LookDark
                                                               : Command::LookSystem;
    m_window->actions().action(lookCommand)->setChecked(true);
    connect(m_area, &GridArea::firstStepsHidden, this, [this] { m_state.setFirstStepsHidden(true); });
    connect(m_window->actions().action(Command::FirstSteps), &QAction::triggered, this, [this] {
        m_state.setFirstStepsHidden(false);
        m_area->setFirstSteps(true);
    });
    connect(m_parts.page, &StatePage::primaryClicked, this, &WindowController::reopen);
    connect(m_parts.page, &StatePage::secondaryClicked, m_window.get(), &QWidget::close);
    m_parts.status->setTimeZone(u"UTC"_s);
    connect(m_parts.status, &StatusLine::stagedFailuresChosen, this, [this] {
        m_parts.activity->setOnlyFailures(true);
        m_window->showActivity();
    });
}

void WindowController::onReady()
{
    const Environment environment = m_session.environment();
    m_window->setConnection(m_session.mapping().table, m_session.connectionName(), environment);
    m_parts.band->setEnvironment(environment, m_session.connectionName());
    m_parts.status->setEnvironment(environment);
    m_table = std::make_unique<TableController>(m_session, TableController::Parts{*m_window, *m_area, *m_parts.tableBar,
                                                                                  *m_parts.panes, *m_parts.receipt,
                                                                                  *m_parts.status});
    m_generator = std::make_unique<GeneratorController>(
        m_session, GeneratorController::Parts{*m_window, *m_parts.generator, *m_parts.status, *m_table, m_state});
    m_activity = std::make_unique<ActivityController>(m_table->service(), *m_parts.activity, *m_parts.status);
    connect(m_activity.get(), &ActivityController::keyChosen, m_table.get(), &TableController::goTo);
    connect(m_activity.get(), &ActivityController::sentence, m_parts.status, &StatusLine::showMessage);
    m_area->setFirstSteps(m_session.usesSandbox() && !m_state.firstStepsHidden());
    m_window->showTable();
}

void WindowController::onFailed(const StoreError &error)
{
    leaveTable();
    m_parts.page->showProblem(tr("The stores cannot be opened"), error.message, tr("Try again"), tr("Quit"));
    m_window->showPage();
}

void WindowController::onPreparationNeeded(const PreparationQuestion &question)
{
    const QString undecided =
        tr("Not yet prepared for write-through: %1. Nothing has been changed.").arg(question.table);
    if (!question.missingRights.isEmpty()) {
        m_parts.page->showProblem(tr("The table is not prepared"), undecided + u' ' + question.missingRights.join(u' '),
                                  tr("Try again"), tr("Quit"));
        m_window->showPage();
        return;
    }
    m_parts.page->showProblem(tr("The table is not prepared"), undecided, tr("Show the question again"), tr("Quit"));
    m_window->showPage();
    auto *dialog = new PrepareDialog(question.table, question.database, question.sql, false, m_window.get());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this] { m_session.agreeToPrepare(); });
    dialog->open();
}

void WindowController::onOwnerEnded()
{
    leaveTable();
    m_parts.page->showProblem(tr("The private servers have ended"),
                              tr("Another program had started them, and it has ended. Your data is still on disk."),
                              tr("Start them"), tr("Quit"));
    m_window->showPage();
}

void WindowController::onServerDied(const QString &sentence)
{
    if (m_closing)
        return;
    leaveTable();
    m_parts.page->showProblem(tr("A private server has ended"), sentence, tr("Start it again"), tr("Quit"));
    m_window->showPage();
}

void WindowController::reopen()
{
    m_parts.page->showProgress(tr("Opening"), {});
    m_session.open();
}

void WindowController::leaveTable()
{
    m_generator.reset();
    m_activity.reset();
    m_table.reset();
    m_parts.status->setStates({});
    m_parts.status->setUpkeep({});
    m_parts.status->setStaged({}, 0);
    m_parts.status->setGenerator(std::nullopt);
}

void WindowController::onCloseRequested()
{
    const int unsaved = m_table ? m_table->unsavedTexts() : 0;
    if (unsaved == 0) {
        closeNow();
        return;
    }
    auto *box = new QMessageBox(QMessageBox::NoIcon, tr("Close Throughline"), tr("Unsaved edits: %1.").arg(unsaved),
                                QMessageBox::NoButton, m_window.get());
    box->setInformativeText(
        tr("They wait for PostgreSQL, were refused, or met a conflict. Closing loses what you typed."));
    box->setDefaultButton(box->addButton(tr("Keep open"), QMessageBox::RejectRole));
    const auto *lose = box->addButton(tr("Close and lose them"), QMessageBox::DestructiveRole);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(lose, &QPushButton::clicked, this, &WindowController::closeNow);
    box->open();
}

void WindowController::closeNow()
{
    if (std::exchange(m_closing, true))
        return;
    m_state.saveGeometryOf(*m_window);
    m_state.saveDocksOf(*m_window);
    m_window->allowClosing();
    m_window->hide();
    leaveTable();
    m_session.close();
}

} // namespace throughline
