// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/cellstate.h"
#include "ui/palettes.h"

#include <QColor>
#include <QIcon>
#include <QLatin1StringView>
#include <QPixmap>

class QPainter;

namespace throughline {

/// Our icons by name (resources/icons/NAME.svg), drawn in the palette's ink at any size and pixel ratio.
[[nodiscard]] QIcon icon(QLatin1StringView name, Tone tone = Tone::Text2);

/// The same drawing as a pixmap in one ink, for widgets that paint themselves; cached by all four arguments.
[[nodiscard]] QPixmap signPixmap(QLatin1StringView name, const QColor &ink, int size, qreal ratio);

/// Paints a sign centred in `rect`, sharp on the painter's device.
void paintSign(QPainter &painter, const QRect &rect, QLatin1StringView name, const QColor &ink, int size);

/// The sign of a state; empty for None and OtherSpelling, which have none.
[[nodiscard]] QLatin1StringView signOf(CellState state);

} // namespace throughline
