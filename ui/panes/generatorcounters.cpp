// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/generatorcounters.h"

#include "ui/formats.h"
#include "ui/widgets/elidinglabel.h"

#include <QGridLayout>

#include <algorithm>

namespace throughline {

namespace {

constexpr int sidePadding = 10;
constexpr int padding = 7;
constexpr int gap = 6;
constexpr double larger = 2.25;

} // namespace

GeneratorCounters::GeneratorCounters(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(sidePadding, padding, sidePadding, padding);
    m_grid->setHorizontalSpacing(gap);
    m_grid->setVerticalSpacing(0);
    m_written = addCounter(tr("written"), Tone::Text, tr("Committed in PostgreSQL and answered by Redis."));
    m_late = addCounter(tr("late"), Tone::Text, tr("Sent more than a millisecond after they were due."));
    m_backlog = addCounter(tr("backlog"), Tone::Text, tr("Due at this moment and not sent yet."));
    m_conflicts = addCounter(tr("conflicts"), Tone::Conflict,
                             tr("Not written, because somebody else had changed the row meanwhile."));
    m_errors = addCounter(tr("errors"), Tone::Failed, tr("Refused, unknown, or not sent because a store was away."));
    m_dropped = addCounter(tr("dropped"), Tone::Failed,
                           tr("Due, and never sent, because the run ended or went on with another rate."));
    setStats({});
}

void GeneratorCounters::setStats(const LoadStats &stats)
{
    set(m_written, stats.committed);
    set(m_late, stats.late);
    set(m_backlog, stats.backlog);
    set(m_conflicts, stats.conflicts);
    set(m_errors, stats.errors());
    set(m_dropped, stats.dropped);
    m_dropped.number->setVisible(stats.dropped > 0);
    m_dropped.name->setVisible(stats.dropped > 0);
    m_errors.number->setToolTip(stats.lastError ? stats.lastError->message : m_errors.name->toolTip());
}

GeneratorCounters::Counter GeneratorCounters::addCounter(const QString &name, Tone toneAboveNone, const QString &tip)
{
    const Counter counter{new ElidingLabel(Tone::Text, this), new ElidingLabel(Tone::Text2, this), toneAboveNone};
    counter.number->setBold(true);
    counter.number->setPointDelta(larger);
    counter.name->setText(name);
    counter.name->setElides(false);
    counter.name->setToolTip(tip);
    counter.number->setToolTip(tip);
    const int column = m_grid->count() / 2;
    m_grid->addWidget(counter.number, 0, column);
    m_grid->addWidget(counter.name, 1, column);
    m_grid->setColumnStretch(column, std::max(1, 3 - column)); // the first ones have the most digits
    return counter;
}

void GeneratorCounters::set(const Counter &counter, qint64 count)
{
    counter.number->setText(formats::count(count));
    counter.number->setTone(count > 0 ? counter.toneAboveNone : Tone::Text);
    counter.number->setAccessibleName(counter.name->text() + u' ' + counter.number->text());
}

} // namespace throughline
