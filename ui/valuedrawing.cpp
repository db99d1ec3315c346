// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/valuedrawing.h"

#include "ui/palettes.h"
#include "ui/styledrawing.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace throughline::drawing {

using namespace Qt::StringLiterals;

namespace {

constexpr double pillPointDelta = -1.5;
constexpr int bulletCount = 8;

} // namespace

void nullPill(QPainter &painter, const QRect &rect, bool rightAligned, const QFont &base, const Colours &colours)
{
    QFont font = base;
    font.setPointSizeF(font.pointSizeF() + pillPointDelta);
    const QFontMetrics metrics(font);
    const QString text = u"NULL"_s;
    const int width = metrics.horizontalAdvance(text) + 10;
    const int height = metrics.height() + 1;
    const int x = rightAligned ? rect.right() + 1 - width : rect.left();
    const QRect pill(x, rect.y() + (rect.height() - height) / 2, width, height);
    roundedBox(painter, pill, {}, colours.control, 3);
    painter.setFont(font);
    painter.setPen(colours.text2);
    painter.drawText(pill, Qt::AlignCenter | Qt::TextSingleLine, text);
    painter.setFont(base);
}

void bullets(QPainter &painter, const QRect &rect, const QColor &ink)
{
    constexpr double size = 3.0;
    constexpr double step = 4.9;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    const double y = rect.y() + (rect.height() - size) / 2.0;
    for (int i = 0; i < bulletCount; ++i)
        painter.drawEllipse(QRectF(rect.x() + 0.5 + i * step, y, size, size));
    painter.restore();
}

void emptyDot(QPainter &painter, const QRect &rect, const Colours &colours)
{
    constexpr double size = 3.0;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.control);
    painter.drawEllipse(
        QRectF(rect.x() + (rect.width() - size) / 2.0, rect.y() + (rect.height() - size) / 2.0, size, size));
    painter.restore();
}

void dottedLine(QPainter &painter, const QRect &rect, const QColor &ink)
{
    for (int x = rect.left(); x <= rect.right(); x += 4)
        painter.fillRect(QRect(x, rect.top(), 2, rect.height()), ink);
}

QString singleLine(QString text)
{
    std::ranges::replace_if(
        text, [](QChar c) { return c.category() == QChar::Other_Control || c == QChar::LineSeparator; }, u' ');
    return text;
}

} // namespace throughline::drawing
