// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/bar.h"

#include "ui/palettes.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>

namespace throughline {

Bar::Bar(int padding, Qt::Edges lines, QWidget *parent)
    : QWidget(parent)
    , m_row(new QHBoxLayout(this))
    , m_padding(padding)
    , m_lines(lines)
{
    m_row->setContentsMargins(10, 0, 10, 0);
    m_row->setSpacing(6);
    // Without this the layout's own minimum would win over the fixed height and widen the window.
    m_row->setSizeConstraint(QLayout::SetNoConstraint);
    fixHeight();
}

void Bar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colours &colours = coloursFor(palette());
    painter.fillRect(rect(), colours.panel);
    if (m_lines.testFlag(Qt::TopEdge))
        painter.fillRect(0, 0, width(), 1, colours.line);
    if (m_lines.testFlag(Qt::BottomEdge))
        painter.fillRect(0, height() - 1, width(), 1, colours.line);
}

void Bar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fixHeight();
    QWidget::changeEvent(event);
}

void Bar::fixHeight()
{
    setFixedHeight(fontMetrics().height() + m_padding);
}

} // namespace throughline
