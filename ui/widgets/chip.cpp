// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/chip.h"

#include "ui/icons.h"
#include "ui/styledrawing.h"

#include <QPainter>

namespace throughline {

namespace {

constexpr int padding = 8;
constexpr int signSize = 13;
constexpr int gap = 5;
constexpr double pointDelta = -0.5;

} // namespace

Chip::Chip(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    hide();
}

void Chip::setContent(Kind kind, QLatin1StringView sign, const QString &text)
{
    m_kind = kind;
    m_sign = sign;
    m_text = text;
    setAccessibleName(text);
    setVisible(!text.isEmpty());
    updateGeometry();
    update();
}

void Chip::setBold(bool bold)
{
    m_bold = bold;
    updateGeometry();
}

QSize Chip::sizeHint() const
{
    const QFontMetrics metrics(ownFont());
    const int sign = m_sign.isEmpty() ? 0 : signSize + gap;
    return {metrics.horizontalAdvance(m_text) + sign + 2 * padding, metrics.height() + 5};
}

void Chip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const auto [ink, tint] = colours();
    drawing::roundedBox(painter, rect(), tint, {});
    int x = padding;
    if (!m_sign.isEmpty()) {
        paintSign(painter, QRect(x, 0, signSize, height()), m_sign, ink, signSize);
        x += signSize + gap;
    }
    painter.setFont(ownFont());
    painter.setPen(ink);
    painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, m_text);
}

InkAndTint Chip::colours() const
{
    const Colours &c = coloursFor(palette());
    switch (m_kind) {
    case Kind::Neutral:
        return {c.text2, c.hover};
    case Kind::Pending:
        return c.pending;
    case Kind::Saved:
        return c.saved;
    case Kind::Failed:
        return c.failed;
    case Kind::Conflict:
        return c.conflict;
    case Kind::Differs:
        return c.differs;
    case Kind::Development:
        return c.development;
    case Kind::Production:
        return {c.onSolid, c.production};
    case Kind::ReadOnly:
        return c.readOnly;
    }
    return c.development;
}

QFont Chip::ownFont() const
{
    QFont own = font();
    own.setPointSizeF(own.pointSizeF() + pointDelta);
    own.setWeight(m_bold ? QFont::DemiBold : QFont::Normal);
    return own;
}

} // namespace throughline
