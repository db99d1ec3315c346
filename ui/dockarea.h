// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>

class QAction;
class QDockWidget;

namespace throughline {

class ActivityPane;
class Bar;
class GeneratorPane;
class MainActions;

/// The table with the docks around it, between the window's bars and its status line: the generator right, the activity
/// below. Says how they share a window: both at once in a wide one, one at a time in a smaller one, and in a narrow one
/// the generator floats.
class DockArea final : public QMainWindow
{
    Q_OBJECT

public:
    DockArea(QWidget *table, GeneratorPane *generator, ActivityPane *activity, MainActions &actions, QWidget *parent);
    ~DockArea() override;

    void setActivityShown(bool shown);
    void setGeneratorShown(bool shown);
    /// The window has this size now.
    void adaptTo(const QSize &window);
    /// Of what lies below the table.
    [[nodiscard]] int heightBelow() const;
    /// Where F6 goes after the panes.
    [[nodiscard]] QWidgetList stops() const;

Q_SIGNALS:
    /// The table has more or less room.
    void roomChanged();
    /// The focus is to go back to the table.
    void left();

private:
    QDockWidget *addDock(QWidget *pane, Bar *title, const QString &name, Qt::DockWidgetArea area);
    void connectDock(QDockWidget *dock, QAction *show);
    void share(QDockWidget *wanted);
    void placeGenerator();
    void floatGenerator();

    GeneratorPane *m_generatorPane;
    ActivityPane *m_activityPane;
    QDockWidget *m_generator;
    QDockWidget *m_activity;
    QSize m_window;
};

} // namespace throughline
