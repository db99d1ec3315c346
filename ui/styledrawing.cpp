// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/styledrawing.h"

#include "ui/icons.h"
#include "ui/palettes.h"

#include <QPainter>
#include <QStyleOption>

namespace throughline::drawing {

using namespace Qt::StringLiterals;

namespace {

constexpr int focusWidth = 2;

QColor fieldOutline(const QStyleOption &option, const Colours &colours)
{
    if (!option.state.testFlag(QStyle::State_Enabled))
        return colours.line;
    return option.state.testFlag(QStyle::State_HasFocus) ? colours.accent : colours.control;
}

int fieldLine(const QStyleOption &option)
{
    return option.state.testFlag(QStyle::State_HasFocus) ? focusWidth : 1;
}

} // namespace

void roundedBox(QPainter &painter, const QRect &rect, const QColor &fill, const QColor &outline, int radius, int width)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal half = width / 2.0;
    painter.setPen(outline.isValid() ? QPen(outline, width) : QPen(Qt::NoPen));
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    const QRectF area = outline.isValid() ? QRectF(rect).adjusted(half, half, -half, -half) : QRectF(rect);
    painter.drawRoundedRect(area, radius - half, radius - half);
    painter.restore();
}

void lineEdit(QPainter &painter, const QStyleOptionFrame &option, const Colours &colours)
{
    const QColor fill = option.state.testFlag(QStyle::State_Enabled) ? colours.base : colours.window;
    if (option.lineWidth <= 0)
        return painter.fillRect(option.rect, fill);
    roundedBox(painter, option.rect, fill, fieldOutline(option, colours), 4, fieldLine(option));
}

void comboBox(QPainter &painter, const QStyleOptionComboBox &option, const QRect &arrow, const Colours &colours)
{
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    if (option.frame)
        roundedBox(painter, option.rect, enabled ? colours.base : colours.window, fieldOutline(option, colours), 4,
                   fieldLine(option));
    else
        painter.fillRect(option.rect, colours.base);
    paintSign(painter, arrow, "chevron"_L1, enabled ? colours.text2 : colours.disabledText, 14);
}

void checkBox(QPainter &painter, const QStyleOption &option, const Colours &colours)
{
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const bool on = option.state.testFlag(QStyle::State_On);
    const QColor fill = on && enabled ? colours.accentSolid : colours.base;
    const QColor outline = on && enabled ? colours.accentSolid : enabled ? colours.control : colours.line;
    roundedBox(painter, option.rect, fill, outline, 3);
    if (on)
        paintSign(painter, option.rect, "saved"_L1, enabled ? colours.onSolid : colours.disabledText, 12);
    else if (option.state.testFlag(QStyle::State_NoChange))
        painter.fillRect(option.rect.adjusted(4, 6, -4, -6), colours.text2);
}

void pushButton(QPainter &painter, const QStyleOption &option, const Colours &colours, ButtonRank rank)
{
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const bool pressed = option.state.testFlag(QStyle::State_Sunken) || option.state.testFlag(QStyle::State_On);
    const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
    QColor fill = pressed ? colours.selection : hovered ? colours.hover : colours.button;
    QColor outline = enabled ? colours.control : colours.line;
    if (!enabled) {
        fill = colours.window;
    } else if (rank != ButtonRank::Normal) {
        fill = rank == ButtonRank::Primary ? colours.accentSolid : colours.production;
        if (pressed || hovered)
            fill = fill.darker(pressed ? 120 : 108);
        outline = fill;
    }
    roundedBox(painter, option.rect, fill, outline);
    if (enabled && option.state.testFlag(QStyle::State_HasFocus)) {
        const bool solid = rank != ButtonRank::Normal;
        roundedBox(painter, solid ? option.rect.adjusted(2, 2, -2, -2) : option.rect, {},
                   solid ? colours.onSolid : colours.accent, solid ? 3 : 4, solid ? 1 : focusWidth);
    }
}

void toolButton(QPainter &painter, const QStyleOption &option, const Colours &colours)
{
    const bool pressed = option.state.testFlag(QStyle::State_Sunken) || option.state.testFlag(QStyle::State_On);
    const bool hovered = option.state.testFlag(QStyle::State_MouseOver) && option.state.testFlag(QStyle::State_Enabled);
    if (pressed || hovered)
        roundedBox(painter, option.rect, pressed ? colours.selection : colours.hover, {});
}

void frame(QPainter &painter, const QStyleOption &option, const Colours &colours)
{
    painter.save();
    painter.setPen(colours.line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(option.rect.adjusted(0, 0, -1, -1));
    painter.restore();
}

void focusRing(QPainter &painter, const QRect &rect, const Colours &colours)
{
    roundedBox(painter, rect, {}, colours.accent, 3, focusWidth);
}

void toolBarSeparator(QPainter &painter, const QStyleOption &option, const Colours &colours)
{
    const QRect rect = option.rect;
    const int height = 18;
    painter.fillRect(QRect(rect.center().x(), rect.center().y() - height / 2, 1, height), colours.line);
}

void menuBarItem(QPainter &painter, const QStyleOptionMenuItem &option, const Colours &colours)
{
    painter.fillRect(option.rect, colours.panel);
    const bool marked = option.state.testFlag(QStyle::State_Selected);
    if (marked)
        painter.fillRect(option.rect, option.state.testFlag(QStyle::State_Sunken) ? colours.selection : colours.hover);
    painter.save();
    painter.setPen(option.state.testFlag(QStyle::State_Enabled) ? colours.text : colours.disabledText);
    painter.drawText(option.rect, Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextSingleLine, option.text);
    painter.restore();
}

void splitter(QPainter &painter, const QStyleOption &option, const Colours &colours)
{
    const QRect rect = option.rect;
    painter.fillRect(rect, colours.window);
    const bool handleLies = rect.width() > rect.height();
    constexpr int grip = 18;
    if (handleLies) {
        painter.fillRect(QRect(rect.x(), rect.y(), rect.width(), 1), colours.line);
        painter.fillRect(QRect(rect.center().x() - grip / 2, rect.center().y(), grip, 1), colours.control);
    } else {
        painter.fillRect(QRect(rect.x(), rect.y(), 1, rect.height()), colours.line);
        painter.fillRect(QRect(rect.center().x(), rect.center().y() - grip / 2, 1, grip), colours.control);
    }
}

void headerSection(QPainter &painter, const QStyleOption &option, const Colours &colours)
{
    painter.fillRect(option.rect, colours.panel);
    painter.fillRect(QRect(option.rect.bottomLeft(), QSize(option.rect.width(), 1)), colours.line);
}

void scrollBar(QPainter &painter, const QStyleOptionSlider &option, const QRect &slider, const Colours &colours)
{
    painter.fillRect(option.rect, colours.base);
    if (option.maximum <= option.minimum)
        return;
    const bool lively = option.state.testFlag(QStyle::State_MouseOver) || option.state.testFlag(QStyle::State_Sunken);
    const bool horizontal = option.orientation == Qt::Horizontal;
    const QRect handle = horizontal ? slider.adjusted(2, 3, -2, -3) : slider.adjusted(3, 2, -3, -2);
    roundedBox(painter, handle, lively ? colours.text3 : colours.control, {});
}

} // namespace throughline::drawing
