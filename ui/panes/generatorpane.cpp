// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/generatorpane.h"

#include "ui/charts/chartspane.h"
#include "ui/icons.h"
#include "ui/panes/generatorcounters.h"
#include "ui/panes/generatorform.h"
#include "ui/widgets/bar.h"
#include "ui/widgets/elidinglabel.h"
#include "ui/widgets/paragraph.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int barPadding = 14;
constexpr int sidePadding = 10;
constexpr int headPadding = 6;
constexpr int gap = 10;

QFrame *hairline(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setFixedHeight(1);
    line->setAutoFillBackground(true);
    line->setBackgroundRole(QPalette::Mid);
    return line;
}

} // namespace

GeneratorPane::GeneratorPane(QWidget *parent)
    : QWidget(parent)
    , m_bar(new Bar(barPadding, Qt::BottomEdge, this))
    , m_startStop(new QPushButton(this))
    , m_state(new ElidingLabel(Tone::Text2, this))
    , m_more(new QToolButton(this))
    , m_form(new GeneratorForm(this))
    , m_counters(new GeneratorCounters(this))
    , m_charts(new ChartsPane(this))
{
    setAccessibleName(tr("Generator"));
    setFocusProxy(m_startStop);
    fillBar();
    auto *content = new QWidget(this);
    content->setAutoFillBackground(true);
    content->setBackgroundRole(QPalette::AlternateBase);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(makeResult());
    column->addWidget(m_form);
    column->addWidget(hairline(content));
    column->addWidget(m_counters);
    column->addWidget(m_charts, 1);
    // In a window that is too low for all of it the charts keep their height.
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
    setRunning(false);
    setState(tr("Not running"));
}

void GeneratorPane::setMenu(QMenu *menu)
{
    connect(m_more, &QToolButton::clicked, menu,
            [this, menu] { menu->popup(m_more->mapToGlobal(QPoint(0, m_more->height()))); });
}

void GeneratorPane::setAllowed(bool allowed, const QString &reason)
{
    m_startStop->setEnabled(allowed);
    m_startStop->setToolTip(allowed ? tr("Start or stop the generator of updates (F8)") : reason);
    setState(allowed ? tr("Not running") : reason);
}

void GeneratorPane::setRunning(bool running)
{
    m_startStop->setText(running ? tr("Stop") : tr("Start"));
    m_startStop->setIcon(icon(running ? "stop"_L1 : "play"_L1, Tone::Accent));
    m_startStop->setAccessibleName(running ? tr("Stop generator") : tr("Start generator"));
    m_form->setRunning(running);
    if (running)
        m_result->hide();
}

void GeneratorPane::setState(const QString &sentence)
{
    m_state->setText(sentence);
    m_state->setAccessibleName(sentence);
}

void GeneratorPane::showStats(const LoadStats &stats)
{
    m_counters->setStats(stats);
}

void GeneratorPane::showResult(const QString &sentences, Tone tone)
{
    m_sentences->setText(sentences);
    m_sentences->setTone(tone);
    m_result->show();
}

void GeneratorPane::fillBar()
{
    auto *title = new ElidingLabel(Tone::Text, m_bar);
    title->setText(tr("Generator"));
    title->setBold(true);
    m_bar->row()->addWidget(title, 1);
    auto *close = new QToolButton(m_bar);
    close->setObjectName(u"generatorClose"_s);
    close->setAutoRaise(true);
    close->setIconSize({16, 16});
    close->setFocusPolicy(Qt::TabFocus);
    close->setIcon(icon("close"_L1));
    close->setToolTip(tr("Close the generator. A run goes on."));
    close->setAccessibleName(tr("Close"));
    m_bar->row()->addWidget(close);
    connect(close, &QToolButton::clicked, this, &GeneratorPane::closeRequested);
}

QWidget *GeneratorPane::makeHead()
{
    auto *head = new QWidget(this);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(sidePadding, headPadding, sidePadding, headPadding);
    row->setSpacing(gap);
    row->addWidget(m_startStop);
    row->addWidget(m_state, 1);
    row->addWidget(m_more);
    m_startStop->setObjectName(u"generatorStart"_s);
    for (const QString &word : {tr("Stop"), tr("Start")}) { // one width for both
        m_startStop->setText(word);
        m_startStop->setIcon(icon("stop"_L1));
        m_startStop->setMinimumWidth(qMax(m_startStop->minimumWidth(), m_startStop->sizeHint().width()));
    }
    m_state->setObjectName(u"generatorState"_s);
    m_more->setObjectName(u"generatorMore"_s);
    m_more->setIcon(icon("more"_L1));
    m_more->setAutoRaise(true);
    m_more->setFocusPolicy(Qt::TabFocus);
    m_more->setToolTip(tr("Profiles, report, and saving the charts"));
    m_more->setAccessibleName(tr("More of the generator"));
    connect(m_startStop, &QPushButton::clicked, this, &GeneratorPane::startStopClicked);
    return head;
}

QWidget *GeneratorPane::makeResult()
{
    m_result = new QWidget(this);
    auto *row = new QHBoxLayout(m_result);
    row->setContentsMargins(sidePadding, 0, sidePadding, headPadding);
    row->setSpacing(gap);
    m_sentences = new Paragraph(Tone::Saved, m_result);
    m_sentences->setObjectName(u"generatorResult"_s);
    auto *save = new QPushButton(tr("Save report\u2026"), m_result);
    save->setObjectName(u"generatorSaveReport"_s);
    row->addWidget(m_sentences, 1);
    row->addWidget(save, 0, Qt::AlignTop);
    connect(save, &QPushButton::clicked, this, &GeneratorPane::saveReportClicked);
    m_result->hide();
    return m_result;
}

} // namespace throughline
