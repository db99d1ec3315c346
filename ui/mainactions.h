// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <map>

class QAction;
class QActionGroup;
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
    FocusRate,
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

    /// Names the rows: "Add user", "Search users".
    void setRowNouns(const QString &one);
    void setGeneratorRunning(bool running);

private:
    void makeLooksExclusive();

    std::map<Command, QAction *> m_actions;
};

} // namespace throughline
