// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/tablebar.h"

#include "ui/formats.h"
#include "ui/widgets/elidinglabel.h"

#include <QHBoxLayout>

namespace throughline {

namespace {

constexpr int extraHeight = 18;

} // namespace

TableBar::TableBar(QWidget *parent)
    : Bar(extraHeight, Qt::BottomEdge, parent)
    , m_table(new ElidingLabel(Tone::Text, this))
    , m_count(new ElidingLabel(Tone::Text2, this))
    , m_changes(new ElidingLabel(Tone::Text2, this))
{
    m_table->setBold(true);
    m_table->setElides(false);
    row()->addWidget(m_table);
    row()->addWidget(m_count);
    row()->addStretch(1);
    row()->addWidget(m_changes);
    setChangesPerSecond(0);
}

void TableBar::setTable(const QString &name)
{
    m_table->setText(name);
}

void TableBar::setCount(qint64 found, qint64 total, const QString &search)
{
    if (search.isEmpty())
        m_count->setText(total == 1 ? tr("1 row") : tr("%1 rows").arg(formats::count(total)));
    else
        m_count->setText(tr("%1 of %2 match \u201c%3\u201d").arg(formats::count(found), formats::count(total), search));
}

void TableBar::setCountText(const QString &text)
{
    m_count->setText(text);
}

void TableBar::setChangesPerSecond(int changes)
{
    m_changes->setVisible(changes > 0);
    m_changes->setText(tr("%1 changes/s").arg(formats::count(changes)));
}

} // namespace throughline
