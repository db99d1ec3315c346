// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/storepane.h"

#include "ui/icons.h"
#include "ui/panes/paneheader.h"
#include "ui/valuedrawing.h"

#include <QKeyEvent>
#include <QPainter>
#include <QWheelEvent>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int extraHeight = 5;
constexpr int padding = 10;
constexpr int nameGap = 20;
constexpr int signSize = 13;
constexpr int signRoom = 20; ///< the sign and its distance to what stands beside it
constexpr int remarkGap = 12;
constexpr double remarkPointDelta = -0.5;
constexpr int longestShown = 1024;

QFont demiBold(QFont font)
{
    font.setWeight(QFont::DemiBold);
    return font;
}

QString spoken(const PaneLine &line)
{
    switch (line.kind) {
    case PaneLine::Kind::Null:
        return u"null"_s;
    case PaneLine::Kind::Secret:
        return StorePane::tr("masked");
    case PaneLine::Kind::EmptyText:
        return StorePane::tr("empty");
    case PaneLine::Kind::Text:
    case PaneLine::Kind::Words:
    case PaneLine::Kind::Blank:
        break;
    }
    return line.value;
}

} // namespace

StorePane::StorePane(Side side, QWidget *parent)
    : QWidget(parent)
    , m_side(side)
    , m_header(new PaneHeader(side == Side::Database ? "database"_L1 : "cache"_L1,
                              side == Side::Database ? tr("Database") : tr("Cache"), this))
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(side == Side::Database ? tr("Database pane") : tr("Cache pane"));
    setObjectName(side == Side::Database ? u"databasePane"_s : u"cachePane"_s);
}

void StorePane::setContent(const PaneContent &content)
{
    m_content = content;
    m_header->showContent(content);
    measureNames();
    describe();
    update();
}

void StorePane::setLines(const std::vector<PaneLine> &lines)
{
    m_content.lines = lines;
    describe();
    update();
}

void StorePane::setCurrentField(int field)
{
    m_currentField = field;
    update();
}

void StorePane::setFirstLine(int line)
{
    m_firstLine = line;
    update();
}

void StorePane::tick()
{
    m_header->tick();
}

int StorePane::headerHeight() const
{
    return m_header->height();
}

int StorePane::lineHeight() const
{
    return fontMetrics().height() + extraHeight;
}

QRect StorePane::lineRect(int line) const
{
    return {0, headerHeight() + (line - m_firstLine) * lineHeight(), width(), lineHeight()};
}

void StorePane::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), coloursFor(palette()).base);
    if (!m_content.message.isEmpty())
        return paintMessage(painter);
    for (int line = m_firstLine; line < int(m_content.lines.size()) && lineRect(line).top() < height(); ++line)
        paintLine(painter, line);
}

void StorePane::resizeEvent(QResizeEvent *)
{
    m_header->setGeometry(0, 0, width(), m_header->height());
}

void StorePane::keyPressEvent(QKeyEvent *event)
{
    const int last = int(m_content.lines.size()) - 1;
    int field = m_currentField;
    switch (event->key()) {
    case Qt::Key_Up:
        field -= 1;
        break;
    case Qt::Key_Down:
        field += 1;
        break;
    case Qt::Key_Home:
        field = 0;
        break;
    case Qt::Key_End:
        field = last;
        break;
    default:
        return QWidget::keyPressEvent(event);
    }
    if (last >= 0)
        Q_EMIT currentFieldMoved(qBound(0, field, last));
}

void StorePane::mousePressEvent(QMouseEvent *event)
{
    const int line = m_firstLine + (event->position().toPoint().y() - headerHeight()) / lineHeight();
    if (event->position().y() >= headerHeight() && line < int(m_content.lines.size()))
        Q_EMIT currentFieldMoved(line);
}

void StorePane::wheelEvent(QWheelEvent *event)
{
    constexpr int oneNotch = 120;
    Q_EMIT wheelTurned(-event->angleDelta().y() * 3 / oneNotch);
}

void StorePane::focusInEvent(QFocusEvent *event)
{
    m_header->setFocusShown(true);
    QWidget::focusInEvent(event);
}

void StorePane::focusOutEvent(QFocusEvent *event)
{
    m_header->setFocusShown(false);
    QWidget::focusOutEvent(event);
}

void StorePane::paintLine(QPainter &painter, int index) const
{
    const PaneLine &line = m_content.lines[size_t(index)];
    const Colours &colours = coloursFor(palette());
    const QRect area = lineRect(index);
    const QLatin1StringView sign = signOf(line.state);
    if (index == m_currentField)
        painter.fillRect(area, colours.currentRow);
    if (!sign.isEmpty())
        painter.fillRect(area, colours.state(line.state).tint);
    painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), colours.line);
    QRect inner = area.adjusted(padding, 0, -padding, -1);
    // The sign's room stays free on every line: values must not move when a difference appears.
    const bool signLeft = m_side == Side::Cache;
    const QRect signRect(signLeft ? inner.left() - 3 : inner.right() - signSize + 1, inner.y(), signSize,
                         inner.height());
    signLeft ? inner.setLeft(inner.left() + signRoom) : inner.setRight(inner.right() - signRoom);
    if (!sign.isEmpty())
        paintSign(painter, signRect, sign, colours.state(line.state).ink, signSize);
    painter.setFont(font());
    painter.setPen(colours.text2);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, line.name);
    inner.setLeft(inner.left() + m_nameWidth + nameGap);
    paintValue(painter, line, paintRemark(painter, line, inner));
}

QRect StorePane::paintRemark(QPainter &painter, const PaneLine &line, const QRect &rect) const
{
    if (line.remark.isEmpty())
        return rect;
    const Colours &colours = coloursFor(palette());
    QFont own = font();
    if (m_side == Side::Database)
        own.setWeight(QFont::DemiBold);
    else
        own.setPointSizeF(own.pointSizeF() + remarkPointDelta);
    const QFontMetrics metrics(own);
    // Theirs and yours share the line: the remark takes at most what leaves the value a third.
    const QString shown = metrics.elidedText(line.remark, Qt::ElideRight, rect.width() * 2 / 3);
    const bool plain = signOf(line.state).isEmpty();
    painter.setFont(own);
    painter.setPen(plain ? colours.text2 : colours.state(line.state).ink);
    painter.drawText(rect, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, shown);
    return rect.adjusted(0, 0, -(metrics.horizontalAdvance(shown) + remarkGap), 0);
}

void StorePane::paintValue(QPainter &painter, const PaneLine &line, const QRect &rect) const
{
    const Colours &colours = coloursFor(palette());
    QColor ink = line.quiet ? colours.text2 : colours.text;
    QFont own = line.strong ? demiBold(font()) : font();
    switch (line.kind) {
    case PaneLine::Kind::Blank:
        return;
    case PaneLine::Kind::Null:
        return drawing::nullPill(painter, rect, false, font(), colours);
    case PaneLine::Kind::Secret:
        return drawing::bullets(painter, rect, ink);
    case PaneLine::Kind::EmptyText: {
        const int dotRoom = padding;
        return drawing::emptyDot(painter, QRect(rect.x(), rect.y(), dotRoom, rect.height()), colours);
    }
    case PaneLine::Kind::Words:
        own.setItalic(true);
        if (!line.quiet)
            ink = colours.state(line.state).ink;
        break;
    case PaneLine::Kind::Text:
        break;
    }
    painter.setFont(own);
    painter.setPen(ink);
    const QString shown =
        QFontMetrics(own).elidedText(drawing::singleLine(line.value.left(longestShown)), Qt::ElideRight, rect.width());
    painter.drawText(rect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, shown);
}

void StorePane::paintMessage(QPainter &painter) const
{
    const QRect area = rect().adjusted(2 * padding, headerHeight(), -2 * padding, 0);
    painter.setFont(font());
    painter.setPen(coloursFor(palette()).text2);
    painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap, m_content.message);
}

void StorePane::measureNames()
{
    m_nameWidth = 0;
    const QFontMetrics metrics = fontMetrics();
    for (const PaneLine &line : m_content.lines)
        m_nameWidth = qMax(m_nameWidth, metrics.horizontalAdvance(line.name));
    m_nameWidth = qMin(m_nameWidth, metrics.averageCharWidth() * 24);
}

void StorePane::describe()
{
    QStringList lines{m_header->spokenState(), m_content.message};
    for (const PaneLine &line : m_content.lines) {
        const QString text = line.name + u": "_s + spoken(line);
        lines << (line.remark.isEmpty() ? text : text + u", "_s + line.remark);
    }
    lines.removeAll(QString());
    setAccessibleDescription(lines.join(u'\n'));
}

} // namespace throughline
