// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/throughlinestyle.h"

class QPainter;
class QStyleOption;
class QStyleOptionComboBox;
class QStyleOptionFrame;
class QStyleOptionMenuItem;
class QStyleOptionSlider;

namespace throughline {
struct Colours;
}

/// What ThroughlineStyle puts on the screen, one function per thing: no state, only a painter and colours.
namespace throughline::drawing {

void lineEdit(QPainter &painter, const QStyleOptionFrame &option, const Colours &colours);
void comboBox(QPainter &painter, const QStyleOptionComboBox &option, const QRect &arrow, const Colours &colours);
void checkBox(QPainter &painter, const QStyleOption &option, const Colours &colours);
void pushButton(QPainter &painter, const QStyleOption &option, const Colours &colours, ButtonRank rank);
void toolButton(QPainter &painter, const QStyleOption &option, const Colours &colours);
void frame(QPainter &painter, const QStyleOption &option, const Colours &colours);
void focusRing(QPainter &painter, const QRect &rect, const Colours &colours);
void toolBarSeparator(QPainter &painter, const QStyleOption &option, const Colours &colours);
void menuBarItem(QPainter &painter, const QStyleOptionMenuItem &option, const Colours &colours);
void splitter(QPainter &painter, const QStyleOption &option, const Colours &colours);
void headerSection(QPainter &painter, const QStyleOption &option, const Colours &colours);
void scrollBar(QPainter &painter, const QStyleOptionSlider &option, const QRect &slider, const Colours &colours);

/// A rounded area with a 1 px outline, sharp on any pixel ratio.
void roundedBox(QPainter &painter, const QRect &rect, const QColor &fill, const QColor &outline, int radius = 4,
                int width = 1);

} // namespace throughline::drawing
