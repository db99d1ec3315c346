// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <map>

class QAction;
class QActionGroup;
class QMenu;
class QMenuBar;
class QWidget;

namespace throughline {

/// What the window can be told to do.
enum class Command {
    Quit,
    Copy,
    EditCell,
    SetNull,
    RevertCell,
    Find,
    SelectAll,
    FocusGrid,
    FocusDatabase,
    FocusCache,
    ShowGenerator,
    ShowActivity,
    NextPane,
    PreviousPane,
    FullScreen,
    LookSystem,
    LookLight,
    LookDark,
    Refresh,
    AddRow,
    DeleteRows,
    TakeTheirs,
    WriteMine,
    StartStop,
    PauseRun,
    FocusRate,
    DoubleRate,
    HalveRate,
    OpenProfile,
    SaveProfile,
    SaveReport,
    SavePicture,
    SaveValues,
    VerifyAfterRun,
    CancelWork,
    FirstSteps,
    About,
};

/// All actions of the window with words, icons and shortcuts, and the menus made of them. Knows nobody who carries them
/// out: connect to action(command)->triggered.
class MainActions final : public QObject
{
    Q_OBJECT

public:
    /// The actions work in `window`, whatever of it has the focus.
    explicit MainActions(QWidget *window);

    [[nodiscard]] QAction *action(Command command) const { return m_actions.at(command); }
    void fillMenus(QMenuBar &bar) const;
    /// What the generator's dock offers beside its fields.
    void fillRunMenu(QMenu &menu) const;

    /// Names the rows: "Add user", "Search users".
    void setRowNouns(const QString &one);
    void setGeneratorRunning(bool running);
    void setRunPaused(bool paused);
    /// A run has ended, so there is a report of it.
    void setReportThere();

private:
    void makeLooksExclusive();
    void setFirstStates();

    std::map<Command, QAction *> m_actions;
};

} // namespace throughline
