// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainactions.h"

#include "ui/icons.h"

#include <QAction>
#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>

#include <array>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

struct Spec
{
    Command command;
    const char *name; ///< objectName
    const char *text;
    const char *shortcuts; ///< separated by "; "
    const char *icon;
    const char *tip;
};

#define WORDS(text) QT_TRANSLATE_NOOP("throughline::MainActions", text)

constexpr std::array specs{
    Spec{Command::Quit, "quit", WORDS("&Quit"), "Ctrl+Q", "quit", WORDS("Write what is queued and close the window.")},
    Spec{Command::Copy, "copy", WORDS("&Copy"), "Ctrl+C", "copy", WORDS("Copy the selected cells.")},
    Spec{Command::EditCell, "editCell", WORDS("&Edit cell"), "F2", "edit", WORDS("Edit the current cell.")},
    Spec{Command::SetNull, "setNull", WORDS("Set &NULL"), "Ctrl+0", "missing", WORDS("Set the current cell to NULL.")},
    Spec{Command::RevertCell, "revertCell", WORDS("&Revert cell"), "Ctrl+Backspace", "undo",
         WORDS("Drop your unsaved text of the current cell.")},
    Spec{Command::Find, "find", WORDS("&Find"), "Ctrl+F", "search", WORDS("Search in the text columns.")},
    Spec{Command::SelectAll, "selectAll", WORDS("Select &all"), "Ctrl+A", "selectall", WORDS("Select all rows.")},
    Spec{Command::FocusGrid, "focusGrid", WORDS("&Grid"), "Alt+1", "grid", WORDS("Go to the grid.")},
    Spec{Command::FocusDatabase, "focusDatabase", WORDS("&Database"), "Alt+2", "database",
         WORDS("Go to the Database pane.")},
    Spec{Command::FocusCache, "focusCache", WORDS("&Cache"), "Alt+3", "cache", WORDS("Go to the Cache pane.")},
    Spec{Command::ShowGenerator, "generator", WORDS("Gene&rator"), "Alt+4", "generator",
         WORDS("Show or hide the generator with its settings and charts.")},
    Spec{Command::ShowActivity, "activity", WORDS("&Activity"), "Alt+5", "activity",
         WORDS("Show or hide the list of writes and what became of them.")},
    Spec{Command::NextPane, "nextPane", WORDS("&Next pane"), "F6", "next",
         WORDS("Go on from search to grid, Database, Cache, generator, activity.")},
    Spec{Command::PreviousPane, "previousPane", WORDS("&Previous pane"), "Shift+F6", "previous",
         WORDS("Go back from activity to generator, Cache, Database, grid, search.")},
    Spec{Command::FullScreen, "fullScreen", WORDS("&Full screen"), "F11", "fullscreen",
         WORDS("Fill the screen with the window, or go back.")},
    Spec{Command::LookSystem, "lookSystem", WORDS("As the &system"), "", "look",
         WORDS("Light or dark as the desktop is.")},
    Spec{Command::LookLight, "lookLight", WORDS("&Light"), "", "sun", WORDS("Always light.")},
    Spec{Command::LookDark, "lookDark", WORDS("&Dark"), "", "moon", WORDS("Always dark.")},
    Spec{Command::Refresh, "refresh", WORDS("&Refresh"), "F5", "refresh", WORDS("Read the rows in view again.")},
    Spec{Command::AddRow, "addRow", WORDS("&Add row\u2026"), "Ctrl+N", "add", WORDS("Add a row to both stores.")},
    Spec{Command::DeleteRows, "deleteRows", WORDS("&Delete\u2026"), "Ctrl+Del", "delete",
         WORDS("Delete the selected rows from both stores, after asking.")},
    Spec{Command::TakeTheirs, "takeTheirs", WORDS("&Take theirs"), "Ctrl+F4", "saved",
         WORDS("Drop your text of a conflict and keep what stands in the table.")},
    Spec{Command::WriteMine, "writeMine", WORDS("&Write mine\u2026"), "Ctrl+Shift+F4", "conflict",
         WORDS("Compare a conflict and write your text over what stands in the table.")},
    Spec{Command::StartStop, "startStop", WORDS("&Start"), "F8", "play",
         WORDS("Start or stop the generator of updates.")},
    Spec{Command::PauseRun, "pauseRun", WORDS("Pa&use"), "Shift+F8", "pause",
         WORDS("Hold the rate of the run at nothing, or go on with the rate as before.")},
    Spec{Command::FocusRate, "focusRate", WORDS("&Rate"), "Ctrl+F8", "rate", WORDS("Go to the generator's rate.")},
    Spec{Command::DoubleRate, "doubleRate", WORDS("&Double the rate"), "Ctrl+Shift+Up", "faster",
         WORDS("Twice as many writes per second, also while it runs.")},
    Spec{Command::HalveRate, "halveRate", WORDS("&Halve the rate"), "Ctrl+Shift+Down", "slower",
         WORDS("Half as many writes per second, also while it runs.")},
    Spec{Command::OpenProfile, "openProfile", WORDS("&Open profile\u2026"), "", "import",
         WORDS("Take the settings of a run from a file.")},
    Spec{Command::SaveProfile, "saveProfile", WORDS("Save pro&file\u2026"), "", "export",
         WORDS("Save these settings as a file, which throughlinectl generate takes as well.")},
    Spec{Command::SaveReport, "saveReport", WORDS("Save r&eport\u2026"), "", "export",
         WORDS("Save settings, percentiles, errors and verification of the last run as text or JSON.")},
    Spec{Command::SavePicture, "savePicture", WORDS("Save charts as &PNG\u2026"), "", "export",
         WORDS("Save the charts as they are shown.")},
    Spec{Command::SaveValues, "saveValues", WORDS("Save values as &CSV\u2026"), "", "export",
         WORDS("Save the figures of the whole run, a line for each tenth of a second.")},
    Spec{Command::VerifyAfterRun, "verifyAfterRun", WORDS("&Verify after the run"), "", "verify",
         WORDS("Compare every row that the run has touched in both stores when it has ended.")},
    Spec{Command::CancelWork, "cancelWork", WORDS("&Cancel running work"), "Ctrl+.", "close",
         WORDS("Take back queued edits and break off the read that runs.")},
    Spec{Command::FirstSteps, "firstSteps", WORDS("&First steps"), "", "info", WORDS("Show the first steps again.")},
    Spec{Command::About, "about", WORDS("&About Throughline"), "", "info", WORDS("Version and licence.")},
};

#undef WORDS

QAction *makeAction(const Spec &spec, QWidget *window)
{
    auto *action = new QAction(MainActions::tr(spec.text), window);
    action->setObjectName(QLatin1StringView(spec.name));
    // Explicit lists: the platform's standard keys differ, and no two of ours may be alike.
    if (*spec.shortcuts)
        action->setShortcuts(QKeySequence::listFromString(QLatin1StringView(spec.shortcuts)));
    action->setIcon(icon(QLatin1StringView(spec.icon)));
    action->setStatusTip(MainActions::tr(spec.tip));
    window->addAction(action);
    return action;
}

} // namespace

MainActions::MainActions(QWidget *window)
    : QObject(window)
{
    for (const Spec &spec : specs)
        m_actions.emplace(spec.command, makeAction(spec, window));
    for (QAction *action : window->actions())
        action->setToolTip(
            action->shortcut().isEmpty()
                ? action->statusTip()
                : tr("%1 (%2)").arg(action->statusTip(), action->shortcut().toString(QKeySequence::NativeText)));
    makeLooksExclusive();
    setFirstStates();
}

void MainActions::fillMenus(QMenuBar &bar) const
{
    const auto add = [&](const QString &title, std::initializer_list<Command> commands) {
        QMenu *menu = bar.addMenu(title);
        for (const Command command : commands)
            menu->addAction(action(command));
        return menu;
    };
    add(tr("&File"), {Command::Quit});
    add(tr("&Edit"),
        {Command::Copy, Command::EditCell, Command::SetNull, Command::RevertCell, Command::Find, Command::SelectAll});
    QMenu *view =
        add(tr("&View"), {Command::FocusGrid, Command::FocusDatabase, Command::FocusCache, Command::ShowGenerator,
                          Command::ShowActivity, Command::NextPane, Command::PreviousPane});
    view->addSeparator();
    QMenu *look = view->addMenu(icon("look"_L1), tr("&Look"));
    for (const Command command : {Command::LookSystem, Command::LookLight, Command::LookDark})
        look->addAction(action(command));
    view->addAction(action(Command::FullScreen));
    add(tr("&Data"), {Command::Refresh, Command::AddRow, Command::DeleteRows, Command::TakeTheirs, Command::WriteMine});
    QMenu *generator = add(tr("&Generator"), {Command::StartStop, Command::PauseRun, Command::FocusRate,
                                              Command::DoubleRate, Command::HalveRate});
    generator->addSeparator();
    fillRunMenu(*generator);
    add(tr("&Tools"), {Command::CancelWork});
    add(tr("&Help"), {Command::FirstSteps, Command::About});
}

void MainActions::fillRunMenu(QMenu &menu) const
{
    menu.addActions({action(Command::OpenProfile), action(Command::SaveProfile)});
    menu.addSeparator();
    menu.addActions({action(Command::SaveReport), action(Command::SavePicture), action(Command::SaveValues)});
    menu.addSeparator();
    menu.addAction(action(Command::VerifyAfterRun));
}

void MainActions::setRowNouns(const QString &one)
{
    action(Command::AddRow)->setText(tr("&Add %1\u2026").arg(one));
    action(Command::AddRow)->setIconText(tr("Add %1").arg(one));
}

void MainActions::setGeneratorRunning(bool running)
{
    QAction *startStop = action(Command::StartStop);
    startStop->setText(running ? tr("&Stop") : tr("&Start"));
    startStop->setIcon(icon(running ? "stop"_L1 : "play"_L1, Tone::Accent));
    action(Command::PauseRun)->setEnabled(running);
    if (!running)
        return setRunPaused(false);
    action(Command::SavePicture)->setEnabled(true);
    action(Command::SaveValues)->setEnabled(true);
}

void MainActions::setRunPaused(bool paused)
{
    action(Command::PauseRun)->setText(paused ? tr("Go o&n") : tr("Pa&use"));
    action(Command::PauseRun)->setIcon(icon(paused ? "play"_L1 : "pause"_L1));
}

void MainActions::setReportThere()
{
    action(Command::SaveReport)->setEnabled(true);
}

void MainActions::makeLooksExclusive()
{
    auto *looks = new QActionGroup(this);
    for (const Command command : {Command::LookSystem, Command::LookLight, Command::LookDark}) {
        action(command)->setCheckable(true);
        looks->addAction(action(command));
    }
    action(Command::LookSystem)->setChecked(true);
}

void MainActions::setFirstStates()
{
    for (const Command command :
         {Command::FullScreen, Command::ShowGenerator, Command::ShowActivity, Command::VerifyAfterRun})
        action(command)->setCheckable(true);
    action(Command::VerifyAfterRun)->setChecked(true);
    for (const Command command : {Command::SaveReport, Command::SavePicture, Command::SaveValues})
        action(command)->setEnabled(false); // there has been no run
    setGeneratorRunning(false);
}

} // namespace throughline
