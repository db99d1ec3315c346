// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/elidinglabel.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace throughline {

ElidingLabel::ElidingLabel(Tone tone, QWidget *parent)
    : QLabel(parent)
    , m_tone(tone)
{
    setTextFormat(Qt::PlainText);
    setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ElidingLabel::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

void ElidingLabel::setBold(bool bold)
{
    QFont own = font();
    own.setWeight(bold ? QFont::DemiBold : QFont::Normal);
    setFont(own);
    updateGeometry();
}

void ElidingLabel::setPointDelta(double delta)
{
    QFont own = font();
    own.setPointSizeF(own.pointSizeF() + delta);
    setFont(own);
    updateGeometry();
}

void ElidingLabel::setElides(bool elides)
{
    m_elides = elides;
    updateGeometry();
}

void ElidingLabel::setElideMode(Qt::TextElideMode mode)
{
    m_mode = mode;
    update();
}

QSize ElidingLabel::sizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    return {metrics.horizontalAdvance(text()) + 1, metrics.height()};
}

QSize ElidingLabel::minimumSizeHint() const
{
    return m_elides ? QSize(0, fontMetrics().height()) : sizeHint();
}

void ElidingLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colours &colours = coloursFor(palette());
    painter.setPen(isEnabled() ? colours.ink(m_tone) : colours.disabledText);
    painter.drawText(rect(), int(alignment()) | Qt::TextSingleLine, fontMetrics().elidedText(text(), m_mode, width()));
}

bool ElidingLabel::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty() && sizeHint().width() > width()) {
        QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), text(), this);
        return true;
    }
    return QLabel::event(event);
}

} // namespace throughline
