// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/cellpainter.h"

#include "ui/icons.h"
#include "ui/models/rowroles.h"
#include "ui/valuedrawing.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QPainter>
#include <QStyleOptionViewItem>

namespace throughline {

namespace {

constexpr int signSize = 13;
constexpr int signGap = 6;
constexpr int underline = 2;
constexpr int longestShown = 512; ///< characters; no column is wide enough for more, and eliding costs per character

CellState stateOf(const QModelIndex &index)
{
    const QVariant value = index.data(CellStateRole);
    return value.isValid() ? static_cast<CellState>(value.toInt()) : CellState::None;
}

bool isLoaded(const QModelIndex &index)
{
    const QVariant value = index.data(LoadedRole);
    return !value.isValid() || value.toBool();
}

QModelIndex currentOf(const QStyleOptionViewItem &option)
{
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    return view ? view->currentIndex() : QModelIndex();
}

bool rightAligned(const QModelIndex &index)
{
    const QVariant alignment = index.data(Qt::TextAlignmentRole);
    return alignment.isValid() && (alignment.toInt() & Qt::AlignRight);
}

// An open editor is a part of the view.
bool hasFocus(const QWidget *view)
{
    return view && (view->hasFocus() || view->isAncestorOf(QApplication::focusWidget()));
}

bool takesInk(CellState state)
{
    return state == CellState::Failed || state == CellState::Conflict || state == CellState::Differs ||
           state == CellState::Missing;
}

} // namespace

CellPainter::CellPainter(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index, bool quiet)
    : m_painter(painter)
    , m_option(option)
    , m_index(index)
    , m_colours(coloursFor(option.palette))
    , m_state(stateOf(index))
    , m_quiet(quiet)
    , m_rightAligned(rightAligned(index))
    , m_currentRow(currentOf(option).isValid() && currentOf(option).row() == index.row())
    , m_current(m_currentRow && currentOf(option).column() == index.column())
    , m_viewHasFocus(hasFocus(option.widget))
    , m_content(option.rect.adjusted(padding, 0, -padding, -1))
{
}

void CellPainter::paint()
{
    m_painter.save();
    m_painter.setClipRect(m_option.rect);
    fill();
    sign();
    content();
    edges();
    m_painter.restore();
}

void CellPainter::fill()
{
    const QRect &rect = m_option.rect;
    m_painter.fillRect(rect, m_colours.base);
    if (m_currentRow)
        m_painter.fillRect(rect, m_colours.currentRow);
    if (m_option.state.testFlag(QStyle::State_Selected) && !m_current)
        m_painter.fillRect(rect, m_colours.selection);
    if (!signOf(m_state).isEmpty())
        m_painter.fillRect(rect, m_colours.state(m_state).tint);
    const qreal flash = m_index.data(FlashRole).toReal();
    if (flash > 0) {
        QColor tint = m_state == CellState::Saved ? m_colours.saved.tint : m_colours.pending.tint;
        tint.setAlphaF(float(qMin(1.0, flash)));
        m_painter.fillRect(rect, tint);
    }
}

void CellPainter::sign()
{
    const QLatin1StringView name = signOf(m_state);
    if (name.isEmpty())
        return;
    const int x = m_rightAligned ? m_content.left() - 2 : m_content.right() - signSize + 1;
    const QRect place(x, m_content.y(), signSize, m_content.height());
    paintSign(m_painter, place, name, m_colours.state(m_state).ink, signSize);
    if (m_rightAligned)
        m_content.setLeft(place.right() + signGap);
    else
        m_content.setRight(place.left() - signGap);
}

void CellPainter::content()
{
    if (!isLoaded(m_index))
        return loadingMark();
    if (m_index.data(IsNullRole).toBool())
        return drawing::nullPill(m_painter, m_content, m_rightAligned, m_option.font, m_colours);
    if (m_index.data(IsSecretRole).toBool())
        return drawing::bullets(m_painter, m_content, textInk());
    const QString value = m_index.data(Qt::DisplayRole).toString();
    if (value.isEmpty())
        return drawing::emptyDot(m_painter, m_option.rect, m_colours);
    text(value);
}

void CellPainter::text(const QString &value)
{
    const QFontMetrics &metrics = m_option.fontMetrics;
    const QString line = drawing::singleLine(value.left(longestShown));
    const QString shown = metrics.elidedText(line, Qt::ElideRight, m_content.width());
    const int x = m_rightAligned ? m_content.right() + 1 - metrics.horizontalAdvance(shown) : m_content.left();
    searchMatches(shown, x);
    m_painter.setFont(m_option.font);
    m_painter.setPen(textInk());
    const int alignment = (m_rightAligned ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter | Qt::TextSingleLine;
    m_painter.drawText(m_content, alignment, shown);
}

void CellPainter::searchMatches(const QString &shown, int x)
{
    const QString wanted = m_index.data(SearchTextRole).toString();
    if (wanted.isEmpty())
        return;
    const QFontMetrics &metrics = m_option.fontMetrics;
    const int height = metrics.height();
    const int y = m_content.y() + (m_content.height() - height) / 2;
    qsizetype at = shown.indexOf(wanted, 0, Qt::CaseInsensitive);
    while (at >= 0) {
        const int from = metrics.horizontalAdvance(shown, int(at));
        const int to = metrics.horizontalAdvance(shown, int(at + wanted.size()));
        m_painter.fillRect(QRect(x + from, y, to - from, height), m_colours.searchMatch);
        at = shown.indexOf(wanted, at + wanted.size(), Qt::CaseInsensitive);
    }
}

void CellPainter::loadingMark()
{
    constexpr int thickness = 6;
    const int length = qMin(m_content.width(), 24 + (m_index.column() * 17) % 40);
    const int x = m_rightAligned ? m_content.right() + 1 - length : m_content.left();
    m_painter.fillRect(QRect(x, m_content.center().y() - thickness / 2, length, thickness), m_colours.hover);
}

void CellPainter::edges()
{
    const QRect &rect = m_option.rect;
    const QRect lowest(rect.left(), rect.bottom() - underline + 1, rect.width(), underline);
    m_painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), m_colours.line);
    if (!signOf(m_state).isEmpty())
        m_painter.fillRect(lowest, m_colours.state(m_state).ink);
    else if (m_state == CellState::OtherSpelling)
        drawing::dottedLine(m_painter, lowest, m_colours.text3);
    if (!m_current)
        return;
    const QColor ink = m_viewHasFocus ? m_colours.accent : m_colours.control;
    m_painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), ring), ink);
    m_painter.fillRect(lowest, ink);
    m_painter.fillRect(QRect(rect.left(), rect.top(), ring, rect.height()), ink);
    m_painter.fillRect(QRect(rect.right() - ring + 1, rect.top(), ring, rect.height()), ink);
}

QColor CellPainter::textInk() const
{
    if (takesInk(m_state))
        return m_colours.state(m_state).ink;
    return m_quiet ? m_colours.text2 : m_colours.text;
}

} // namespace throughline
