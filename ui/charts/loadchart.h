// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartplot.h"
#include "ui/charts/chartspec.h"

#include <QElapsedTimer>
#include <QWidget>

class QMenu;
class QToolButton;

namespace throughline {

class ChartLegend;
class ElidingLabel;

/// One chart of a run with its title and a legend that carries the live values, or those under the pointer.
class LoadChart final : public QWidget
{
    Q_OBJECT

public:
    explicit LoadChart(ChartKind kind, QWidget *parent = nullptr);

    [[nodiscard]] ChartKind kind() const noexcept { return m_kind; }
    [[nodiscard]] const QString &title() const noexcept { return m_spec.title; }
    /// Other charts that may take this one's place: they hang at its title. Null: none.
    void setChoices(QMenu *menu);
    void draw(std::span<const LoadPoint> points, const ChartView &view);
    /// Another run begins.
    void reset();

    [[nodiscard]] ChartPlot &plot() const noexcept { return *m_plot; }
    [[nodiscard]] QStringList legendValues() const;
    [[nodiscard]] QPixmap picture(qreal ratio);
    [[nodiscard]] static int leastHeight(const QFontMetrics &metrics);

private:
    void showValues(std::span<const LoadPoint> points, const ChartView &view);
    void describe(const QStringList &values);

    ChartKind m_kind;
    ChartSpec m_spec;
    QWidget *m_head;
    ElidingLabel *m_title;
    QToolButton *m_choice;
    QMenu *m_choices = nullptr; ///< the pane's
    ChartLegend *m_legend;
    ChartPlot *m_plot;
    double m_valuesAtS = -1;        ///< of the live values in the legend
    QElapsedTimer m_sinceDescribed; ///< a screen reader would never come to the end of it
};

} // namespace throughline
