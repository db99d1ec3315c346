// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/cellstate.h"
#include "ui/palettes.h"

#include <QModelIndex>
#include <QRect>

class QPainter;
class QStyleOptionViewItem;

namespace throughline {

/// Draws one cell once: made, used and dropped inside CellDelegate::paint.
class CellPainter final
{
public:
    static constexpr int padding = 8;
    static constexpr int extraHeight = 6;
    static constexpr int ring = 2; ///< around the current cell

    CellPainter(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index, bool quiet);

    void paint();

private:
    void fill();
    void content();
    void sign();
    void text(const QString &text);
    void searchMatches(const QString &shown, int x);
    void loadingMark();
    void edges();
    [[nodiscard]] QColor textInk() const;

    QPainter &m_painter;
    const QStyleOptionViewItem &m_option;
    const QModelIndex &m_index;
    const Colours &m_colours;
    CellState m_state;
    bool m_quiet;
    bool m_rightAligned;
    bool m_currentRow;
    bool m_current;
    bool m_viewHasFocus;
    QRect m_content; ///< what is left for the value
};

} // namespace throughline
