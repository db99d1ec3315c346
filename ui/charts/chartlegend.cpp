// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chartlegend.h"

#include "ui/palettes.h"

#include <QPainter>

#include <algorithm>

namespace throughline {

namespace {

constexpr double smaller = -0.5;
constexpr int swatch = 14;
constexpr int gap = 5;
constexpr int groupGap = 12;
constexpr int narrowGap = 9;
constexpr double swatchLine = 2;

} // namespace

ChartLegend::ChartLegend(const std::vector<ChartLine> &lines, QWidget *parent)
    : QWidget(parent)
    , m_lines(lines)
    , m_valueWidths(lines.size(), 0)
{
    for (size_t i = 0; i < lines.size(); ++i)
        m_values << QString();
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void ChartLegend::setValues(const QStringList &values)
{
    if (values == m_values)
        return;
    m_values = values;
    const QFontMetrics metrics(valueFont());
    for (size_t i = 0; i < m_lines.size(); ++i)
        m_valueWidths[i] = std::max(m_valueWidths[i], metrics.horizontalAdvance(m_values[qsizetype(i)]));
    update();
}

void ChartLegend::reset()
{
    m_valueWidths.assign(m_lines.size(), 0);
}

QSize ChartLegend::sizeHint() const
{
    return {widthOf(true, m_lines.size()), fontMetrics().height()};
}

QSize ChartLegend::minimumSizeHint() const
{
    return {0, fontMetrics().height()};
}

void ChartLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colours &colours = coloursFor(palette());
    const bool withSwatches = widthOf(true, m_lines.size()) <= width();
    size_t count = m_lines.size();
    while (count > 1 && widthOf(withSwatches, count) > width())
        --count;
    int x = width() - widthOf(withSwatches, count);
    for (size_t i = 0; i < count; ++i) {
        if (withSwatches)
            paintSwatch(painter, m_lines[i], x);
        const int left = withSwatches ? swatch + gap : 0;
        const QRect room(x + left, 0, widthOf(i, withSwatches) - left, height());
        painter.setFont(nameFont());
        painter.setPen(colours.text2);
        painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, m_lines[i].name);
        painter.setFont(valueFont());
        painter.setPen(colours.text);
        painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, m_values[qsizetype(i)]);
        x += widthOf(i, withSwatches) + (withSwatches ? groupGap : narrowGap);
    }
}

QFont ChartLegend::nameFont() const
{
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() + smaller);
    return small;
}

QFont ChartLegend::valueFont() const
{
    QFont bold = nameFont();
    bold.setWeight(QFont::DemiBold);
    return bold;
}

int ChartLegend::widthOf(size_t line, bool withSwatch) const
{
    const int name = QFontMetrics(nameFont()).horizontalAdvance(m_lines[line].name);
    return (withSwatch ? swatch + gap : 0) + name + gap + m_valueWidths[line];
}

int ChartLegend::widthOf(bool withSwatches, size_t lines) const
{
    int all = int(lines - 1) * (withSwatches ? groupGap : narrowGap);
    for (size_t i = 0; i < lines; ++i)
        all += widthOf(i, withSwatches);
    return all;
}

void ChartLegend::paintSwatch(QPainter &painter, const ChartLine &line, int x) const
{
    QPen pen(coloursFor(palette()).chart[size_t(line.colour)], swatchLine);
    pen.setCapStyle(Qt::FlatCap);
    if (line.isDashed)
        pen.setDashPattern({2, 1.5});
    painter.setPen(pen);
    painter.drawLine(QPointF(x, height() / 2.0), QPointF(x + swatch, height() / 2.0));
}

} // namespace throughline
