// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/paragraph.h"

#include <QEvent>

namespace throughline {

Paragraph::Paragraph(Tone tone, QWidget *parent)
    : QLabel(parent)
    , m_tone(tone)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    setAlignment(Qt::AlignLeft | Qt::AlignTop);
    ink();
}

void Paragraph::setTone(Tone tone)
{
    m_tone = tone;
    ink();
}

void Paragraph::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        ink();
}

void Paragraph::ink()
{
    const QColor wanted = coloursFor(palette()).ink(m_tone);
    if (palette().color(QPalette::WindowText) == wanted)
        return;
    // Over a view a label takes Text, elsewhere WindowText.
    QPalette own = palette();
    own.setColor(QPalette::WindowText, wanted);
    own.setColor(QPalette::Text, wanted);
    setPalette(own);
}

} // namespace throughline
