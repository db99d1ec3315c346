// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/palettes.h"

namespace throughline {

namespace {

Colours makeLight()
{
    Colours c;
    c.window = QColor(0xF1F3F6), c.panel = QColor(0xF8F9FB), c.base = QColor(0xFFFFFF);
    c.line = QColor(0xDFE3E9), c.control = QColor(0x858E9C);
    c.text = QColor(0x1A2230), c.text2 = QColor(0x4E5968), c.text3 = QColor(0x656F7D);
    c.disabledText = QColor(0x98A1AD);
    c.accent = QColor(0x2357BE), c.accentSolid = QColor(0x2B5FC7), c.onSolid = QColor(0xFFFFFF);
    c.selection = QColor(0xD3E1FA), c.currentRow = QColor(0xEDF3FD), c.hover = QColor(0xE6EAF0);
    c.searchMatch = QColor(0xFFE39A);
    c.note = QColor(0xFFFFFF), c.button = QColor(0xFAFBFC);
    c.light = QColor(0xFFFFFF), c.midlight = QColor(0xEEF0F3), c.mid = QColor(0xC3C9D2);
    c.darkShade = QColor(0xA5ADB9), c.shadow = QColor(0x7C8593);
    c.chart = {QColor(0x2B5FC7), QColor(0x8A93A3), QColor(0xB06A00), QColor(0xB3261E)};
    c.pending = {QColor(0x1B617C), QColor(0xE0F0F5)};
    c.saved = {QColor(0x1A6B3D), QColor(0xE0F3E7)};
    c.failed = {QColor(0xB3261E), QColor(0xFCE7E5)};
    c.conflict = {QColor(0x7636A3), QColor(0xF3E8FA)};
    c.differs = {QColor(0x855000), QColor(0xFDF0D3)};
    c.production = QColor(0xA3123F);
    c.development = {QColor(0x334155), QColor(0xE2E7EE)};
    c.readOnly = {QColor(0x4E5968), QColor(0xE6EAF0)};
    return c;
}

Colours makeDark()
{
    Colours c;
    c.dark = true;
    c.window = QColor(0x1D2025), c.panel = QColor(0x23272D), c.base = QColor(0x181B1F);
    c.line = QColor(0x333941), c.control = QColor(0x747E8B);
    c.text = QColor(0xE4E8ED), c.text2 = QColor(0xAEB7C2), c.text3 = QColor(0x919BA7);
    c.disabledText = QColor(0x6B7480);
    c.accent = QColor(0x8AB2FA), c.accentSolid = QColor(0x3A6BD0), c.onSolid = QColor(0xFFFFFF);
    c.selection = QColor(0x2B4269), c.currentRow = QColor(0x222B3A), c.hover = QColor(0x2E343C);
    c.searchMatch = QColor(0x4F3F0E);
    c.note = QColor(0x30363E), c.button = QColor(0x2C3138);
    c.light = QColor(0x3A4048), c.midlight = QColor(0x343A42), c.mid = QColor(0x2A2F36);
    c.darkShade = QColor(0x131519), c.shadow = QColor(0x0B0C0E);
    c.chart = {QColor(0x8AB2FA), QColor(0x8A93A3), QColor(0xEDBD5E), QColor(0xF58F84)};
    c.pending = {QColor(0x80C8E2), QColor(0x17343F)};
    c.saved = {QColor(0x7FCF9D), QColor(0x173522)};
    c.failed = {QColor(0xF7A49B), QColor(0x482220)};
    c.conflict = {QColor(0xD1A7F2), QColor(0x37254B)};
    c.differs = {QColor(0xEDBD5E), QColor(0x3D2E10)};
    c.production = QColor(0xB3204D);
    c.development = {QColor(0xC9D2DD), QColor(0x323943)};
    c.readOnly = {QColor(0xAEB7C2), QColor(0x2E343C)};
    return c;
}

} // namespace

QColor Colours::ink(Tone tone) const
{
    switch (tone) {
    case Tone::Text:
        return text;
    case Tone::Text2:
        return text2;
    case Tone::Text3:
        return text3;
    case Tone::Accent:
        return accent;
    case Tone::Pending:
        return pending.ink;
    case Tone::Saved:
        return saved.ink;
    case Tone::Failed:
        return failed.ink;
    case Tone::Conflict:
        return conflict.ink;
    case Tone::Differs:
        return differs.ink;
    case Tone::Disabled:
        return disabledText;
    }
    return text;
}

InkAndTint Colours::state(CellState state) const
{
    switch (state) {
    case CellState::Conflict:
        return conflict;
    case CellState::Failed:
        return failed;
    case CellState::Unknown:
    case CellState::Differs:
    case CellState::Missing:
        return differs;
    case CellState::Pending:
    case CellState::CachePending:
        return pending;
    case CellState::Saved:
        return saved;
    case CellState::OtherSpelling:
    case CellState::None:
        break;
    }
    return {text, base};
}

const Colours &lightColours()
{
    static const Colours colours = makeLight();
    return colours;
}

const Colours &darkColours()
{
    static const Colours colours = makeDark();
    return colours;
}

const Colours &coloursFor(const QPalette &palette)
{
    return palette.color(QPalette::Base).lightness() < 128 ? darkColours() : lightColours();
}

QPalette paletteOf(const Colours &c)
{
    QPalette p;
    const auto set = [&p](QPalette::ColorRole role, const QColor &colour) { p.setColor(QPalette::All, role, colour); };
    set(QPalette::Window, c.window);
    set(QPalette::WindowText, c.text);
    set(QPalette::Base, c.base);
    set(QPalette::AlternateBase, c.panel);
    set(QPalette::Text, c.text);
    set(QPalette::PlaceholderText, c.text3);
    set(QPalette::Button, c.button);
    set(QPalette::ButtonText, c.text);
    set(QPalette::BrightText, c.onSolid);
    set(QPalette::ToolTipBase, c.note);
    set(QPalette::ToolTipText, c.text);
    set(QPalette::Link, c.accent);
    set(QPalette::LinkVisited, c.accent);
    set(QPalette::Highlight, c.accentSolid);
    set(QPalette::HighlightedText, c.onSolid);
    set(QPalette::Light, c.light);
    set(QPalette::Midlight, c.midlight);
    set(QPalette::Mid, c.mid);
    set(QPalette::Dark, c.darkShade);
    set(QPalette::Shadow, c.shadow);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, c.disabledText);
    return p;
}

Tone toneOf(CellState state)
{
    switch (state) {
    case CellState::Conflict:
        return Tone::Conflict;
    case CellState::Failed:
        return Tone::Failed;
    case CellState::Unknown:
    case CellState::Differs:
    case CellState::Missing:
        return Tone::Differs;
    case CellState::Pending:
    case CellState::CachePending:
        return Tone::Pending;
    case CellState::Saved:
        return Tone::Saved;
    case CellState::OtherSpelling:
    case CellState::None:
        break;
    }
    return Tone::Text;
}

bool asksToAct(CellState state)
{
    return state == CellState::Conflict || state == CellState::Failed;
}

} // namespace throughline
