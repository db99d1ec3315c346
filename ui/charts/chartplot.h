// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartspec.h"
#include "ui/charts/loadhistory.h"
#include "ui/charts/timewindow.h"

#include <QWidget>

#include <optional>
#include <span>
#include <vector>

class QCPAxisTickerText;
class QCPGraph;
class QCPItemStraightLine;
class QCPItemText;
class QCustomPlot;

namespace throughline {

/// What the charts show at the moment: one time for all of them.
struct ChartView
{
    TimeRange range;
    bool isLive = true;            ///< the end of the range is now
    std::optional<double> markedS; ///< where the pointer is
};

/// The drawing of one chart, with QCustomPlot, which nobody else includes. Draws when it is told to and at no other
/// time, says what pointer and keys want, and keeps nothing but what it draws.
class ChartPlot final : public QWidget
{
    Q_OBJECT

public:
    explicit ChartPlot(const ChartSpec &spec, QWidget *parent = nullptr);

    void draw(std::span<const LoadPoint> points, const ChartView &view);
    /// From the left edge to the right one of what stands for times.
    [[nodiscard]] std::pair<int, int> timeArea() const;
    [[nodiscard]] QPixmap picture(qreal ratio) const;
    /// How often it was drawn.
    [[nodiscard]] qint64 drawings() const noexcept { return m_drawings; }

    [[nodiscard]] QSize sizeHint() const override { return {320, 160}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {120, leastHeight}; }

    static constexpr int leastHeight = 105;

Q_SIGNALS:
    void marked(double atS);
    void unmarked();
    /// A factor above 1 wants to see less.
    void zoomed(double factor, double atS);
    void panned(double seconds);
    /// Back to what it was before zooming.
    void released();
    /// There is room for more or fewer ticks.
    void resized();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void addGraphs();
    void addItems();
    void setColours();
    void setMargins();
    void drawTimes(const ChartView &view);
    void drawValues(std::span<const LoadPoint> points);
    void drawLines(std::span<const LoadPoint> points);
    void drawMark(const ChartView &view);
    void labelLines();
    bool onPress(const QPoint &position);
    bool onMove(const QPoint &position, Qt::MouseButtons buttons);
    bool onWheel(const QPoint &position, int angle);
    [[nodiscard]] double timeAt(int x) const;
    [[nodiscard]] double pixelOf(double value) const;

    ChartSpec m_spec;
    QCustomPlot *m_plot;
    std::vector<QCPGraph *> m_graphs;    ///< of the plot, as all these
    std::vector<QCPItemText *> m_labels; ///< at the right end of each line, where there are several
    QCPItemStraightLine *m_mark = nullptr;
    QCPItemText *m_markTime = nullptr;
    int m_dragX = 0;
    qint64 m_drawings = 0;
};

} // namespace throughline
