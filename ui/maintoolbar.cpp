// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/maintoolbar.h"

#include "ui/icons.h"
#include "ui/mainactions.h"
#include "ui/widgets/elidinglabel.h"
#include "ui/widgets/signlabel.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int settleMs = 250;
constexpr int searchWidth = 250;
constexpr int narrowSearchWidth = 190;
constexpr int rateWidth = 104;
constexpr int widestConnection = 220;

QWidget *spacer(QWidget *parent)
{
    auto *widget = new QWidget(parent);
    widget->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    return widget;
}

} // namespace

MainToolBar::MainToolBar(MainActions &actions, QWidget *parent)
    : QToolBar(parent)
    , m_connection(new ElidingLabel(Tone::Text, this))
    , m_addRow(actions.action(Command::AddRow))
    , m_generatorLabel(new ElidingLabel(Tone::Text, this))
    , m_search(new QLineEdit(this))
    , m_rate(new QComboBox(this))
    , m_startStop(new QPushButton(this))
    , m_settling(new QTimer(this))
{
    setObjectName(u"mainToolBar"_s);
    setWindowTitle(tr("Toolbar"));
    setMovable(false);
    setContextMenuPolicy(Qt::PreventContextMenu);
    auto *connection = new QWidget(this);
    auto *row = new QHBoxLayout(connection);
    row->setContentsMargins(8, 0, 8, 0);
    row->setSpacing(8);
    row->addWidget(new SignLabel("connection"_L1, Tone::Text2, 18, connection));
    row->addWidget(m_connection);
    m_connection->setBold(true);
    m_connection->setMaximumWidth(widestConnection);
    addWidget(connection);
    addSeparator();
    addAction(actions.action(Command::Refresh));
    addAction(m_addRow);
    addAction(actions.action(Command::DeleteRows));
    addWidget(spacer(this));
    addSearch();
    addGenerator(actions);
    setLabelled(true);
}

void MainToolBar::setConnection(const QString &name)
{
    m_connection->setText(name);
    m_labelledWidth = 0;
}

void MainToolBar::setRowsNoun(const QString &many)
{
    m_search->setPlaceholderText(tr("Search %1  (Ctrl+F)").arg(many));
    m_search->setAccessibleName(tr("Search %1").arg(many));
    m_labelledWidth = 0;
}

void MainToolBar::setGeneratorRunning(bool running)
{
    m_startStop->setText(running ? tr("Stop") : tr("Start"));
    m_startStop->setIcon(icon(running ? "stop"_L1 : "play"_L1, Tone::Accent));
    m_startStop->setAccessibleName(running ? tr("Stop generator") : tr("Start generator"));
}

void MainToolBar::setGeneratorEnabled(bool enabled, const QString &reason)
{
    m_rate->setEnabled(enabled);
    m_startStop->setEnabled(enabled);
    m_rate->setToolTip(enabled ? tr("Writes per second, the same as in the generator's dock (Ctrl+F8)") : reason);
    m_startStop->setToolTip(enabled ? tr("Start or stop the generator of updates (F8)") : reason);
}

void MainToolBar::fitInto(int width)
{
    if (m_labelledWidth == 0) {
        setLabelled(true);
        m_labelledWidth = sizeHint().width();
    }
    setLabelled(width >= m_labelledWidth);
}

QString MainToolBar::searchText() const
{
    return m_search->text().trimmed();
}

void MainToolBar::clearSearch()
{
    m_search->clear();
    onSearchSettled();
}

void MainToolBar::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void MainToolBar::focusRate()
{
    m_rate->setFocus(Qt::ShortcutFocusReason);
    m_rate->lineEdit()->selectAll();
}

void MainToolBar::setRateText(const QString &text)
{
    m_rateText = text;
    m_rate->setEditText(text);
    m_rate->lineEdit()->setCursorPosition(0); // of a long one the beginning
}

QWidget *MainToolBar::searchField() const
{
    return m_search;
}

bool MainToolBar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent *>(event)->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Down:
            onSearchSettled();
            Q_EMIT searchLeft();
            return true;
        case Qt::Key_Escape:
            clearSearch();
            return true;
        default:
            break;
        }
    }
    return QToolBar::eventFilter(watched, event);
}

void MainToolBar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        m_labelledWidth = 0;
    QToolBar::changeEvent(event);
}

void MainToolBar::addSearch()
{
    m_search->addAction(icon("search"_L1), QLineEdit::LeadingPosition);
    m_search->setClearButtonEnabled(true);
    m_search->setFixedWidth(searchWidth);
    m_search->installEventFilter(this);
    m_settling->setSingleShot(true);
    m_settling->setInterval(settleMs);
    connect(m_search, &QLineEdit::textChanged, m_settling, qOverload<>(&QTimer::start));
    connect(m_settling, &QTimer::timeout, this, &MainToolBar::onSearchSettled);
    addWidget(m_search);
    setRowsNoun(tr("rows"));
}

void MainToolBar::addGenerator(MainActions &actions)
{
    addSeparator();
    auto *group = new QWidget(this);
    auto *row = new QHBoxLayout(group);
    row->setContentsMargins(6, 0, 6, 0);
    row->setSpacing(10);
    m_generatorLabel->setElides(false);
    m_generatorLabel->setText(tr("Generator"));
    row->addWidget(m_generatorLabel);
    row->addWidget(m_rate);
    row->addWidget(m_startStop);
    m_rate->setEditable(true);
    m_rate->setInsertPolicy(QComboBox::NoInsert);
    m_rate->setAccessibleName(tr("Generator rate"));
    m_rate->addItems({tr("1 /s"), tr("10 /s"), tr("100 /s"), tr("1000 /s"), tr("unlimited")});
    setRateText(tr("10 /s"));
    m_rate->setFixedWidth(rateWidth);
    addWidget(group);
    connect(m_rate, &QComboBox::activated, this, &MainToolBar::commitRate);
    connect(m_rate->lineEdit(), &QLineEdit::editingFinished, this, &MainToolBar::commitRate);
    connect(m_startStop, &QPushButton::clicked, actions.action(Command::StartStop), &QAction::trigger);
    setGeneratorRunning(true);
    const int stopWidth = m_startStop->sizeHint().width();
    setGeneratorRunning(false);
    // One width for both words: the toolbar must not move under the pointer.
    m_startStop->setMinimumWidth(qMax(stopWidth, m_startStop->sizeHint().width()));
    setGeneratorEnabled(true, {});
}

void MainToolBar::setLabelled(bool labelled)
{
    if (auto *button = qobject_cast<QToolButton *>(widgetForAction(m_addRow)))
        button->setToolButtonStyle(labelled ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
    m_generatorLabel->setVisible(labelled);
    m_search->setFixedWidth(labelled ? searchWidth : narrowSearchWidth);
}

void MainToolBar::commitRate()
{
    if (m_rate->currentText() != m_rateText)
        Q_EMIT rateEntered(m_rate->currentText());
}

void MainToolBar::onSearchSettled()
{
    m_settling->stop();
    Q_EMIT searchChanged(searchText());
}

} // namespace throughline
