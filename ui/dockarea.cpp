// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dockarea.h"

#include "ui/mainactions.h"
#include "ui/palettes.h"
#include "ui/panes/activitypane.h"
#include "ui/panes/activitytable.h"
#include "ui/panes/generatorpane.h"
#include "ui/widgets/bar.h"

#include <QAction>
#include <QDockWidget>
#include <QPainter>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int activityHeight = 190;
constexpr int highestShare = 3; ///< of the window, that an opened dock below may take: one third
constexpr int usualShare = 4;
constexpr int generatorWidth = 372;
constexpr int wideGeneratorWidth = 460;
constexpr int wideWindow = 1600;
constexpr int widthForBoth = 1440;
constexpr int narrowWindow = 1000;
constexpr int floatingMargin = 24;

/// A dock with a title bar of its own floats without any frame, and its colours are those of the window below.
class FramedDock final : public QDockWidget
{
public:
    using QDockWidget::QDockWidget;

protected:
    void paintEvent(QPaintEvent *event) override
    {
        QDockWidget::paintEvent(event);
        if (isFloating())
            QPainter(this).fillRect(rect(), coloursFor(palette()).control);
    }
};

} // namespace

DockArea::DockArea(QWidget *table, GeneratorPane *generator, ActivityPane *activity, MainActions &actions,
                   QWidget *parent)
    : QMainWindow(parent)
    , m_generatorPane(generator)
    , m_activityPane(activity)
{
    setWindowFlags(Qt::Widget);
    setContextMenuPolicy(Qt::PreventContextMenu); // the View menu has what it would offer
    setCentralWidget(table);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    m_generator = addDock(generator, generator->titleBar(), u"generator"_s, Qt::RightDockWidgetArea);
    m_activity = addDock(activity, activity->titleBar(), u"activity"_s, Qt::BottomDockWidgetArea);
    resizeDocks({m_activity}, {activityHeight}, Qt::Vertical);
    connectDock(m_generator, actions.action(Command::ShowGenerator));
    connectDock(m_activity, actions.action(Command::ShowActivity));
    connect(actions.action(Command::ShowGenerator), &QAction::triggered, this, &DockArea::setGeneratorShown);
    connect(actions.action(Command::ShowActivity), &QAction::triggered, this, &DockArea::setActivityShown);
    connect(generator, &GeneratorPane::closeRequested, this, [this] { setGeneratorShown(false); });
    connect(activity, &ActivityPane::closeRequested, this, [this] { setActivityShown(false); });
    connect(&activity->table(), &ActivityTable::left, this, &DockArea::left);
}

DockArea::~DockArea()
{
    // They are hidden when nothing of this is left but its children.
    m_generator->disconnect(this);
    m_activity->disconnect(this);
}

void DockArea::setActivityShown(bool shown)
{
    if (shown)
        share(m_activity);
    m_activity->setVisible(shown);
    if (shown && m_activity->height() > m_window.height() / highestShare) // nothing of the grid would be left
        resizeDocks({m_activity}, {m_window.height() / usualShare}, Qt::Vertical);
    if (shown)
        m_activityPane->setFocus(Qt::ShortcutFocusReason);
    else
        Q_EMIT left();
}

void DockArea::setGeneratorShown(bool shown)
{
    if (shown)
        share(m_generator);
    m_generator->setVisible(shown);
    if (!shown)
        return Q_EMIT left();
    placeGenerator();
    if (m_generator->isFloating())
        m_generator->activateWindow();
    m_generatorPane->setFocus(Qt::ShortcutFocusReason);
}

void DockArea::adaptTo(const QSize &window)
{
    const bool wasWide = m_window.width() >= wideWindow;
    const bool isFirst = m_window.isEmpty(); // the width is what it was in the last session
    m_window = window;
    if (m_generator->isHidden())
        return;
    share(m_generator);
    const bool floats = window.width() < narrowWindow;
    if (floats != m_generator->isFloating() || (!isFirst && wasWide != (window.width() >= wideWindow)))
        placeGenerator();
}

int DockArea::heightBelow() const
{
    return m_activity->isHidden() ? 0 : m_activity->height();
}

QWidgetList DockArea::stops() const
{
    QWidgetList stops;
    for (QDockWidget *dock : {m_generator, m_activity})
        if (dock->isVisible())
            stops << dock;
    return stops;
}

QDockWidget *DockArea::addDock(QWidget *pane, Bar *title, const QString &name, Qt::DockWidgetArea area)
{
    auto *dock = new FramedDock(pane->accessibleName(), this);
    dock->setObjectName(name);
    dock->setFeatures(QDockWidget::DockWidgetClosable);
    dock->setAllowedAreas(area);
    dock->setTitleBarWidget(title);
    dock->setWidget(pane);
    dock->setFocusProxy(pane);
    addDockWidget(area, dock);
    dock->hide();
    return dock;
}

void DockArea::connectDock(QDockWidget *dock, QAction *show)
{
    connect(dock->toggleViewAction(), &QAction::toggled, show, &QAction::setChecked);
    connect(dock, &QDockWidget::visibilityChanged, this, &DockArea::roomChanged);
}

/// The grid keeps its rows: where there is no room for both, the other dock gives way to the wanted one.
void DockArea::share(QDockWidget *wanted)
{
    if (m_window.width() >= widthForBoth || m_window.width() < narrowWindow)
        return;
    (wanted == m_generator ? m_activity : m_generator)->hide();
}

void DockArea::placeGenerator()
{
    if (m_window.width() < narrowWindow)
        return floatGenerator();
    m_generator->setFeatures(QDockWidget::DockWidgetClosable);
    m_generator->setFloating(false);
    const int width = m_window.width() >= wideWindow ? wideGeneratorWidth : generatorWidth;
    resizeDocks({m_generator}, {width}, Qt::Horizontal);
}

/// Beside the grid it would leave too little of it: over the right edge of the window, and it can be moved away.
void DockArea::floatGenerator()
{
    m_generator->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable |
                             QDockWidget::DockWidgetFloatable);
    m_generator->setFloating(true);
    const QSize size(generatorWidth, height() - 2 * floatingMargin);
    const QPoint corner = mapToGlobal(QPoint(width() - size.width() - floatingMargin, floatingMargin));
    m_generator->setGeometry(QRect(corner, size));
}

} // namespace throughline
