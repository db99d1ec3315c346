// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QColor;
class QFont;
class QPainter;
class QRect;

namespace throughline {
struct Colours;
}

/// How values without a text of their own look, the same in grid, panes and dialogs.
namespace throughline::drawing {

void nullPill(QPainter &painter, const QRect &rect, bool rightAligned, const QFont &base, const Colours &colours);
/// Eight bullets for a secret of any length.
void bullets(QPainter &painter, const QRect &rect, const QColor &ink);
/// The faint dot of an empty string.
void emptyDot(QPainter &painter, const QRect &rect, const Colours &colours);
void dottedLine(QPainter &painter, const QRect &rect, const QColor &ink);
/// Line breaks and tabs as blanks: a cell has one line.
[[nodiscard]] QString singleLine(QString text);

} // namespace throughline::drawing
