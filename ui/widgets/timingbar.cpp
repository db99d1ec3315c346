// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/timingbar.h"

#include "ui/formats.h"
#include "ui/palettes.h"
#include "ui/styledrawing.h"

#include <QPainter>

#include <array>

namespace throughline {

namespace {

constexpr int barWidth = 120;
constexpr int barHeight = 8;
constexpr int swatch = 8;
constexpr int gap = 10;
constexpr int leastSegment = 3;

// Redis and queue as in the charts: chart 1 PostgreSQL, chart 2 queue, chart 3 Redis.
std::array<QColor, 3> segmentColours(const Colours &colours)
{
    return {colours.chart[1], colours.chart[0], colours.chart[2]};
}

QFont boldOf(QFont font)
{
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

TimingBar::TimingBar(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void TimingBar::setTimings(const Timings &timings)
{
    m_timings = timings;
    setAccessibleName(tr("%1 in total: %2").arg(total(), legend().join(QLatin1StringView(", "))));
    setToolTip(accessibleName());
    updateGeometry();
    update();
}

QSize TimingBar::sizeHint() const
{
    return {totalWidth() + gap + barWidth + gap + legendWidth(), fontMetrics().height()};
}

QSize TimingBar::minimumSizeHint() const
{
    return {totalWidth(), fontMetrics().height()};
}

void TimingBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(coloursFor(palette()).text);
    painter.setFont(boldOf(font()));
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, total());
    const int barX = totalWidth() + gap;
    if (width() >= barX + barWidth)
        drawSegments(painter, barX);
    const int legendX = barX + barWidth + gap;
    if (width() >= legendX + legendWidth())
        drawLegend(painter, legendX);
}

QString TimingBar::total() const
{
    return tr("%1 ms").arg(formats::milliseconds(m_timings.total()));
}

QStringList TimingBar::legend() const
{
    return {tr("queued %1").arg(formats::milliseconds(m_timings.queued)),
            tr("PostgreSQL %1").arg(formats::milliseconds(m_timings.postgres)),
            tr("Redis %1").arg(formats::milliseconds(m_timings.redis))};
}

int TimingBar::totalWidth() const
{
    return QFontMetrics(boldOf(font())).horizontalAdvance(total());
}

int TimingBar::legendWidth() const
{
    int width = 0;
    const QFontMetrics metrics = fontMetrics();
    for (const QString &entry : legend())
        width += swatch + 6 + metrics.horizontalAdvance(entry) + gap;
    return width;
}

void TimingBar::drawSegments(QPainter &painter, int x) const
{
    const std::array times{m_timings.queued, m_timings.postgres, m_timings.redis};
    const auto inks = segmentColours(coloursFor(palette()));
    const double all = qMax(1.0, double(m_timings.total().count()));
    const int top = (height() - barHeight) / 2;
    constexpr int room = barWidth - 3 * leastSegment - 4;
    for (size_t i = 0; i < times.size(); ++i) {
        const int length = leastSegment + int(room * double(times[i].count()) / all);
        drawing::roundedBox(painter, QRect(x, top, length, barHeight), inks[i], {}, 2);
        x += length + 2;
    }
}

void TimingBar::drawLegend(QPainter &painter, int x) const
{
    const auto inks = segmentColours(coloursFor(palette()));
    const QStringList entries = legend();
    const QFontMetrics metrics = fontMetrics();
    painter.setFont(font());
    painter.setPen(coloursFor(palette()).text2);
    for (qsizetype i = 0; i < entries.size(); ++i) {
        painter.fillRect(QRect(x, (height() - swatch) / 2, swatch, swatch), inks[size_t(i)]);
        x += swatch + 6;
        painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, entries[i]);
        x += metrics.horizontalAdvance(entries[i]) + gap;
    }
}

} // namespace throughline
