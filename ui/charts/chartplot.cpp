// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chartplot.h"

#include "ui/charts/axisticks.h"
#include "ui/charts/chartseries.h"
#include "ui/charts/plotlibrary.h"
#include "ui/palettes.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <cmath>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr double smaller = -1.25;
constexpr double lineWidth = 1.6;
constexpr int fillAlpha = 28;
constexpr int topMargin = 10; ///< half a label, else the topmost is left out
constexpr int textGap = 6;
constexpr double zoomStep = 1.25;
constexpr double keyZoom = 2;
constexpr double keyPan = 0.25; ///< of what is shown
constexpr int valueRoom = 30;   ///< pixels between ticks, at least
constexpr int timeRoom = 58;
constexpr auto widestLabel = "125 k0"_L1;

QVector<double> toVector(const std::vector<double> &values)
{
    return {values.begin(), values.end()};
}

QSharedPointer<QCPAxisTickerText> textTicker(const std::vector<double> &ticks, auto &&labelOf)
{
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    QVector<QString> labels;
    for (const double tick : ticks)
        labels << labelOf(tick);
    ticker->setTicks(toVector(ticks), labels);
    ticker->setSubTickCount(0);
    return ticker;
}

} // namespace

ChartPlot::ChartPlot(const ChartSpec &spec, QWidget *parent)
    : QWidget(parent)
    , m_spec(spec)
    , m_plot(new QCustomPlot(this))
{
    setFocusPolicy(Qt::StrongFocus);
    m_plot->setFocusPolicy(Qt::NoFocus);
    m_plot->setMinimumSize(0, 0); // its own would widen the dock
    m_plot->installEventFilter(this);
    // Without these two wide lines over jagged values take ten times as long.
    m_plot->setPlottingHints(QCP::phFastPolylines | QCP::phCacheLabels);
    m_plot->setNotAntialiasedElements(QCP::aeAxes | QCP::aeGrid | QCP::aeFills | QCP::aeZeroLine);
    m_plot->axisRect()->setAutoMargins(QCP::msNone); // fixed ones, so that the times of all charts stand in line
    m_plot->xAxis->grid()->setVisible(false);
    if (m_spec.isLogarithmic)
        m_plot->yAxis->setScaleType(QCPAxis::stLogarithmic);
    addGraphs();
    addItems();
    setColours();
    setMargins();
    connect(m_plot, &QCustomPlot::afterReplot, this, [this] { ++m_drawings; });
}

void ChartPlot::draw(std::span<const LoadPoint> points, const ChartView &view)
{
    drawTimes(view);
    drawValues(points);
    drawLines(points);
    drawMark(view);
    labelLines();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

std::pair<int, int> ChartPlot::timeArea() const
{
    return {m_plot->axisRect()->left(), m_plot->axisRect()->right()};
}

QPixmap ChartPlot::picture(qreal ratio) const
{
    QPixmap pixmap = m_plot->toPixmap(width(), height(), ratio);
    pixmap.setDevicePixelRatio(ratio);
    return pixmap;
}

bool ChartPlot::eventFilter(QObject *watched, QEvent *event)
{
    const auto *mouse = event->isPointerEvent() ? dynamic_cast<QSinglePointEvent *>(event) : nullptr;
    const QPoint position = mouse ? mouse->position().toPoint() : QPoint();
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        return onPress(position);
    case QEvent::MouseMove:
        return onMove(position, mouse->buttons());
    case QEvent::MouseButtonRelease:
        return true;
    case QEvent::MouseButtonDblClick:
        Q_EMIT released();
        return true;
    case QEvent::Wheel:
        return onWheel(position, static_cast<QWheelEvent *>(event)->angleDelta().y());
    case QEvent::Leave:
        Q_EMIT unmarked();
        return false;
    default:
        return QWidget::eventFilter(watched, event);
    }
}

void ChartPlot::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    Q_EMIT resized(); // first: the drawing's own answer to its new size is to draw what it has
    m_plot->setGeometry(rect());
}

void ChartPlot::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        setMargins();
    if (event->type() != QEvent::FontChange && event->type() != QEvent::PaletteChange)
        return;
    setColours();
    if (isVisible())
        m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void ChartPlot::keyPressEvent(QKeyEvent *event)
{
    const QCPRange range = m_plot->xAxis->range();
    switch (event->key()) {
    case Qt::Key_Plus:
        return Q_EMIT zoomed(keyZoom, range.upper);
    case Qt::Key_Minus:
        return Q_EMIT zoomed(1 / keyZoom, range.upper);
    case Qt::Key_Left:
        return Q_EMIT panned(-range.size() * keyPan);
    case Qt::Key_Right:
        return Q_EMIT panned(range.size() * keyPan);
    case Qt::Key_Escape:
        return Q_EMIT released();
    default:
        QWidget::keyPressEvent(event);
    }
}

void ChartPlot::addGraphs()
{
    m_graphs.resize(m_spec.lines.size());
    // What comes first in the legend lies on top: outliers are the least of the percentiles.
    for (auto graph = m_graphs.rbegin(); graph != m_graphs.rend(); ++graph) {
        *graph = m_plot->addGraph();
        (*graph)->setSelectable(QCP::stNone);
    }
}

void ChartPlot::addItems()
{
    m_mark = new QCPItemStraightLine(m_plot);
    m_markTime = new QCPItemText(m_plot);
    m_markTime->setPadding(QMargins(4, 1, 4, 1));
    m_markTime->position->setTypeX(QCPItemPosition::ptPlotCoords);
    m_markTime->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    if (m_spec.lines.size() < 3)
        return;
    for (const ChartLine &line : m_spec.lines) {
        auto *label = new QCPItemText(m_plot);
        label->setText(line.name);
        label->setClipToAxisRect(false);
        label->setPositionAlignment(Qt::AlignLeft | Qt::AlignVCenter);
        label->position->setType(QCPItemPosition::ptAbsolute);
        m_labels.push_back(label);
    }
}

void ChartPlot::setColours()
{
    const Colours &colours = coloursFor(palette());
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() + smaller);
    m_plot->setBackground(QBrush(colours.base));
    for (QCPAxis *axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(colours.text2);
        axis->setTickLabelFont(small);
        axis->setTickLabelPadding(textGap);
        axis->grid()->setPen(QPen(colours.line, 0));
        axis->grid()->setZeroLinePen(QPen(colours.line, 0));
    }
    for (size_t i = 0; i < m_graphs.size(); ++i) {
        const ChartLine &line = m_spec.lines[i];
        QColor ink = colours.chart[size_t(line.colour)];
        m_graphs[i]->setPen(QPen(ink, lineWidth, line.isDashed ? Qt::DashLine : Qt::SolidLine));
        ink.setAlpha(fillAlpha);
        m_graphs[i]->setBrush(line.isFilled ? QBrush(ink) : QBrush(Qt::NoBrush));
    }
    for (size_t i = 0; i < m_labels.size(); ++i) {
        // The second colour is too pale for letters.
        m_labels[i]->setColor(m_spec.lines[i].colour == 1 ? colours.text2 : m_graphs[i]->pen().color());
        m_labels[i]->setFont(small);
    }
    m_mark->setPen(QPen(colours.control, 0));
    m_markTime->setBrush(colours.note);
    m_markTime->setPen(QPen(colours.line, 0));
    m_markTime->setColor(colours.text);
    m_markTime->setFont(small);
}

void ChartPlot::setMargins()
{
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() + smaller);
    const QFontMetrics metrics(small);
    const int left = metrics.horizontalAdvance(widestLabel) + textGap;
    const int right = metrics.horizontalAdvance(u"max"_s) + 2 * textGap;
    m_plot->axisRect()->setMargins(QMargins(left, topMargin, right, metrics.height() + textGap + 2));
}

void ChartPlot::drawTimes(const ChartView &view)
{
    const int most = std::max(2, (width() - m_plot->axisRect()->margins().left()) / timeRoom);
    const std::vector<double> ticks = axisticks::times(view.range, view.isLive, most);
    m_plot->xAxis->setRange(view.range.from, view.range.to);
    m_plot->xAxis->setTicker(
        textTicker(ticks, [&](double tick) { return axisticks::timeLabel(tick, view.range, view.isLive); }));
}

void ChartPlot::drawValues(std::span<const LoadPoint> points)
{
    std::vector<Figure> figures;
    for (const ChartLine &line : m_spec.lines)
        figures.push_back(line.figure);
    const FigureRange extremes = chartseries::extremesOf(points, figures);
    const QMargins margins = m_plot->axisRect()->margins();
    const int most = std::max(2, (height() - margins.top() - margins.bottom()) / valueRoom);
    std::vector<double> ticks;
    if (m_spec.isLogarithmic) {
        const axisticks::Scale scale =
            extremes.isKnown() ? axisticks::logarithmicFor(extremes.low, extremes.high) : axisticks::Scale();
        m_plot->yAxis->setRange(scale.low, scale.high);
        ticks = axisticks::logarithmic(scale, most);
    } else {
        const double top = axisticks::topFor(extremes.isKnown() ? extremes.high : 0);
        ticks = axisticks::linear(top, most);
        m_plot->yAxis->setRange(0, ticks.back());
    }
    m_plot->yAxis->setTicker(textTicker(ticks, axisticks::valueLabel));
}

void ChartPlot::drawLines(std::span<const LoadPoint> points)
{
    for (size_t i = 0; i < m_graphs.size(); ++i) {
        const std::vector<QPointF> line = chartseries::lineOf(points, m_spec.lines[i].figure);
        QVector<QCPGraphData> drawn;
        drawn.reserve(qsizetype(line.size()));
        for (const QPointF &point : line)
            drawn.emplace_back(point.x(), m_spec.isLogarithmic ? std::max(point.y(), 1e-3) : point.y());
        m_graphs[i]->data()->set(drawn, true);
    }
}

void ChartPlot::drawMark(const ChartView &view)
{
    m_mark->setVisible(view.markedS.has_value());
    m_markTime->setVisible(view.markedS.has_value());
    if (!view.markedS)
        return;
    m_mark->point1->setCoords(*view.markedS, m_plot->yAxis->range().lower);
    m_mark->point2->setCoords(*view.markedS, m_plot->yAxis->range().upper);
    // Beside the line, on the side where there is room.
    const bool isLeft = *view.markedS > (view.range.from + view.range.to) / 2;
    m_markTime->setPositionAlignment((isLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
    m_markTime->position->setCoords(*view.markedS, 0);
    m_markTime->setText(u' ' + axisticks::exactTime(*view.markedS, view.range, view.isLive) + u' ');
}

void ChartPlot::labelLines()
{
    std::vector<double> wanted;
    std::vector<QCPItemText *> shown;
    for (size_t i = 0; i < m_labels.size(); ++i) {
        const auto drawn = m_graphs[i]->data();
        m_labels[i]->setVisible(!drawn->isEmpty());
        if (drawn->isEmpty())
            continue;
        wanted.push_back(pixelOf((drawn->constEnd() - 1)->value));
        shown.push_back(m_labels[i]);
    }
    const QMargins margins = m_plot->axisRect()->margins();
    const int line = m_labels.empty() ? 0 : QFontMetrics(m_labels.front()->font()).ascent();
    const std::vector<double> middles = axisticks::spread(wanted, line, height() - margins.bottom() + line / 2.0);
    for (size_t i = 0; i < shown.size(); ++i)
        shown[i]->position->setCoords(width() - margins.right() + textGap / 2.0, middles[i]);
}

bool ChartPlot::onPress(const QPoint &position)
{
    m_dragX = position.x();
    setFocus(Qt::MouseFocusReason);
    return true;
}

bool ChartPlot::onMove(const QPoint &position, Qt::MouseButtons buttons)
{
    if (buttons.testFlag(Qt::LeftButton)) {
        const double seconds = timeAt(m_dragX) - timeAt(position.x());
        m_dragX = position.x();
        if (seconds != 0)
            Q_EMIT panned(seconds);
        return true;
    }
    if (m_plot->axisRect()->rect().contains(position))
        Q_EMIT marked(timeAt(position.x()));
    else
        Q_EMIT unmarked();
    return true;
}

bool ChartPlot::onWheel(const QPoint &position, int angle)
{
    if (angle != 0)
        Q_EMIT zoomed(std::pow(zoomStep, angle / 120.0), timeAt(position.x()));
    return true;
}

/// The axis itself knows its size only when it has been drawn.
double ChartPlot::pixelOf(double value) const
{
    const QCPRange range = m_plot->yAxis->range();
    const QMargins margins = m_plot->axisRect()->margins();
    const double share = m_spec.isLogarithmic ? std::log(value / range.lower) / std::log(range.upper / range.lower)
                                              : (value - range.lower) / range.size();
    return margins.top() + (1 - share) * (height() - margins.top() - margins.bottom());
}

double ChartPlot::timeAt(int x) const
{
    return m_plot->xAxis->pixelToCoord(x);
}

} // namespace throughline
