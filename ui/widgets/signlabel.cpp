// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/signlabel.h"

#include "ui/icons.h"

#include <QPainter>

namespace throughline {

SignLabel::SignLabel(QLatin1StringView name, Tone tone, int size, QWidget *parent)
    : QWidget(parent)
    , m_name(name)
    , m_tone(tone)
    , m_size(size)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void SignLabel::setSign(QLatin1StringView name, Tone tone)
{
    m_name = name;
    m_tone = tone;
    update();
}

QSize SignLabel::sizeHint() const
{
    return {m_size, m_size};
}

void SignLabel::paintEvent(QPaintEvent *)
{
    if (m_name.isEmpty())
        return;
    QPainter painter(this);
    paintSign(painter, rect(), m_name, coloursFor(palette()).ink(m_tone), m_size);
}

} // namespace throughline
