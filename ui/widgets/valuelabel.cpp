// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/valuelabel.h"

#include "ui/valuedrawing.h"

#include <QPainter>

namespace throughline {

namespace {

constexpr int widestHint = 260;
constexpr int leastHint = 60;

} // namespace

ValueLabel::ValueLabel(const Value &value, bool secret, Tone tone, QWidget *parent)
    : QWidget(parent)
    , m_value(value)
    , m_secret(secret)
    , m_tone(tone)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    const QString text = m_value && !secret ? QString::fromUtf8(*m_value) : QString();
    setToolTip(text);
    setAccessibleName(!m_value ? tr("null") : secret ? tr("masked") : text);
}

QSize ValueLabel::sizeHint() const
{
    const int text = m_value && !m_secret ? fontMetrics().horizontalAdvance(QString::fromUtf8(*m_value)) : 0;
    return {qBound(leastHint, text + 2, widestHint), fontMetrics().height() + 2};
}

void ValueLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colours &colours = coloursFor(palette());
    if (!m_value)
        return drawing::nullPill(painter, rect(), false, font(), colours);
    if (m_secret)
        return drawing::bullets(painter, rect(), colours.ink(m_tone));
    if (m_value->isEmpty())
        return drawing::emptyDot(painter, QRect(0, 0, 10, height()), colours);
    painter.setPen(colours.ink(m_tone));
    const QString text = drawing::singleLine(QString::fromUtf8(*m_value));
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     fontMetrics().elidedText(text, Qt::ElideRight, width()));
}

} // namespace throughline
