// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/firststeps.h"

#include "ui/palettes.h"
#include "ui/widgets/elidinglabel.h"
#include "ui/widgets/paragraph.h"

#include <QGridLayout>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace throughline {

namespace {

constexpr int leastStepWidth = 220;
constexpr int stepGap = 28;
constexpr double titlePointDelta = 2.25;

} // namespace

FirstSteps::FirstSteps(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout)
{
    setAccessibleName(tr("First steps"));
    auto *title = new ElidingLabel(Tone::Text, this);
    title->setPointDelta(titlePointDelta);
    title->setBold(true);
    title->setText(tr("This is your private sandbox"));
    auto *intro = new ElidingLabel(Tone::Text2, this);
    intro->setText(
        tr("A real PostgreSQL and a real Redis, started for you and reachable only from this account. Try it:"));
    m_steps = {
        makeStep(1, tr("Change a score"), tr("Press F2 on a cell, type, Enter. It goes to PostgreSQL, then to Redis.")),
        makeStep(2, tr("Watch both stores"),
                 tr("The panes below show row and hash side by side and mark what differs.")),
        makeStep(3, tr("Make traffic"), tr("Press Start (F8): users are updated at random, 10 per second.")),
        makeStep(
            4, tr("Use your own servers"),
            tr("Start with --pg and --redis, or name them in the configuration file. The sandbox stays as it is.")),
    };
    m_grid->setHorizontalSpacing(stepGap);
    m_grid->setVerticalSpacing(12);
    auto *hide = new QPushButton(tr("Hide this"), this);
    hide->setAutoDefault(false);
    connect(hide, &QPushButton::clicked, this, &FirstSteps::hideRequested);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(40, 28, 40, 12);
    column->setSpacing(10);
    column->addWidget(title);
    column->addWidget(intro);
    column->addLayout(m_grid);
    column->addSpacing(10);
    column->addWidget(hide, 0, Qt::AlignLeft);
    column->addStretch(1);
    spreadSteps();
}

void FirstSteps::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), coloursFor(palette()).base);
}

void FirstSteps::resizeEvent(QResizeEvent *)
{
    spreadSteps();
}

QWidget *FirstSteps::makeStep(int number, const QString &title, const QString &text)
{
    auto *step = new QWidget(this);
    auto *column = new QVBoxLayout(step);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    auto *heading = new ElidingLabel(Tone::Accent, step);
    heading->setBold(true);
    heading->setText(tr("%1   %2").arg(number).arg(title));
    auto *words = new Paragraph(Tone::Text2, step);
    words->setText(text);
    column->addWidget(heading);
    column->addWidget(words, 1);
    return step;
}

void FirstSteps::spreadSteps()
{
    const int columns = width() >= 4 * (leastStepWidth + stepGap) ? 4 : 2;
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (int i = 0; i < int(m_steps.size()); ++i)
        m_grid->addWidget(m_steps[i], i / columns, i % columns);
    for (int i = 0; i < int(m_steps.size()); ++i)
        m_grid->setColumnStretch(i, i < columns ? 1 : 0);
}

} // namespace throughline
