// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/cellstate.h"

#include <QColor>
#include <QPalette>

#include <array>

namespace throughline {

/// What a piece of text or a sign means, and so which ink it takes.
enum class Tone { Text, Text2, Text3, Accent, Pending, Saved, Failed, Conflict, Differs, Disabled };

/// Ink for signs and words, tint for the area behind them.
struct InkAndTint
{
    QColor ink;
    QColor tint;
};

/// Every colour of the window. Nothing else in ui/ names a colour.
struct Colours
{
    bool dark = false;
    QColor window, panel, base, line, control;
    QColor text, text2, text3, disabledText;
    QColor accent, accentSolid, onSolid;
    QColor selection, currentRow, hover, searchMatch;
    QColor note, button;
    QColor light, midlight, mid, darkShade, shadow;
    std::array<QColor, 4> chart;
    InkAndTint pending, saved, failed, conflict, differs;
    QColor production; ///< always a solid area with onSolid on it
    InkAndTint development, readOnly;

    [[nodiscard]] QColor ink(Tone tone) const;
    /// The pair of a state; OtherSpelling and None have text on base.
    [[nodiscard]] InkAndTint state(CellState state) const;
};

[[nodiscard]] const Colours &lightColours();
[[nodiscard]] const Colours &darkColours();
/// The set that belongs to a widget's palette, ours or a desktop's: light or dark by its base.
[[nodiscard]] const Colours &coloursFor(const QPalette &palette);
[[nodiscard]] QPalette paletteOf(const Colours &colours);

[[nodiscard]] Tone toneOf(CellState state);
/// Conflict and failed: these ask the user to act, so their row marks are solid.
[[nodiscard]] bool asksToAct(CellState state);

} // namespace throughline
