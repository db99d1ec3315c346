// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/activitypane.h"

#include "ui/formats.h"
#include "ui/icons.h"
#include "ui/models/activitymodel.h"
#include "ui/panes/activitytable.h"
#include "ui/widgets/bar.h"
#include "ui/widgets/elidinglabel.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QToolButton>
#include <QVBoxLayout>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int barPadding = 14;
constexpr int groupGap = 8;

} // namespace

ActivityPane::ActivityPane(QWidget *parent)
    : QWidget(parent)
    , m_model(new ActivityModel(this))
    , m_table(new ActivityTable(m_model, this))
    , m_bar(new Bar(barPadding, Qt::TopEdge | Qt::BottomEdge, this))
    , m_missing(new ElidingLabel(Tone::Text2, m_bar))
    , m_notice(new ElidingLabel(Tone::Text2, m_table->viewport()))
{
    setAccessibleName(tr("Activity"));
    setFocusProxy(m_table);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->setSizeConstraint(QLayout::SetNoConstraint);
    column->addWidget(m_table);
    m_notice->setAlignment(Qt::AlignCenter);
    m_notice->setAttribute(Qt::WA_TransparentForMouseEvents);
    fillBar();
    connect(m_model, &ActivityModel::countsChanged, this, &ActivityPane::showCounts);
    connect(m_model, &QAbstractItemModel::modelReset, this, &ActivityPane::showCounts);
    showCounts();
}

Bar *ActivityPane::titleBar() const noexcept
{
    return m_bar;
}

void ActivityPane::fillBar()
{
    auto *title = new ElidingLabel(Tone::Text, m_bar);
    title->setText(tr("Activity"));
    title->setBold(true);
    title->setElides(false);
    m_bar->row()->addWidget(title);
    m_bar->row()->addSpacing(groupGap);
    m_all = addButton(tr("All"), u"activityAll"_s);
    m_failed = addButton(tr("Failed"), u"activityFailed"_s);
    auto *filter = new QButtonGroup(m_bar);
    for (QToolButton *button : {m_all, m_failed}) {
        button->setCheckable(true);
        filter->addButton(button);
    }
    m_all->setChecked(true);
    connect(m_failed, &QToolButton::toggled, m_model, &ActivityModel::setOnlyFailures);
    m_missing->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_bar->row()->addSpacing(groupGap);
    m_bar->row()->addWidget(m_missing, 1);
    m_copy = addButton(tr("Copy"), u"activityCopy"_s);
    m_copy->setIcon(icon("copy"_L1));
    m_copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_copy->setToolTip(tr("Copy the selected lines, or all when none is selected."));
    connect(m_copy, &QToolButton::clicked, m_table, &ActivityTable::copy);
    QToolButton *close = addButton({}, u"activityClose"_s);
    close->setIcon(icon("close"_L1));
    close->setToolTip(tr("Close the activity list."));
    close->setAccessibleName(tr("Close"));
    connect(close, &QToolButton::clicked, this, &ActivityPane::closeRequested);
}

QToolButton *ActivityPane::addButton(const QString &text, const QString &name)
{
    auto *button = new QToolButton(m_bar);
    button->setObjectName(name);
    button->setText(text);
    button->setAutoRaise(true);
    button->setIconSize({16, 16});
    button->setFocusPolicy(Qt::TabFocus);
    m_bar->row()->addWidget(button);
    return button;
}

void ActivityPane::setOnlyFailures(bool only)
{
    (only ? m_failed : m_all)->setChecked(true);
}

void ActivityPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    Q_EMIT shownChanged(true);
}

void ActivityPane::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    Q_EMIT shownChanged(false);
}

void ActivityPane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    placeNotice();
}

void ActivityPane::showCounts()
{
    const int failures = m_model->failures();
    m_failed->setText(failures > 0 ? tr("Failed %1").arg(formats::count(failures)) : tr("Failed"));
    m_copy->setEnabled(m_model->rowCount() > 0);
    m_missing->setText(m_model->missing() > 0 && !m_model->onlyFailures()
                           ? tr("and %1 more, older or too fast to list").arg(formats::count(m_model->missing()))
                           : QString());
    m_notice->setText(m_model->onlyFailures() ? tr("No write has failed.")
                                              : tr("Writes of this window and of Redis clients appear here."));
    m_notice->setVisible(m_model->rowCount() == 0);
    placeNotice();
}

void ActivityPane::placeNotice()
{
    m_notice->setGeometry(m_table->viewport()->rect());
}

} // namespace throughline
