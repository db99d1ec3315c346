// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "ui/charts/chartspec.h"
#include "ui/charts/loadhistory.h"
#include "ui/charts/timewindow.h"

#include <QWidget>

#include <optional>
#include <vector>

class QButtonGroup;
class QMenu;
class QToolButton;
class QVBoxLayout;

namespace throughline {

class Bar;
class LoadChart;
struct ChartView;

/// The charts of a run, one above the other with one time for all. As many as there is room for; the last one can be
/// exchanged for those that have none. They are drawn when a sample comes, and not at all while they are hidden or
/// paused.
class ChartsPane final : public QWidget
{
    Q_OBJECT

public:
    explicit ChartsPane(QWidget *parent = nullptr);

    /// Another run begins.
    void clear();
    void add(const LoadSample &sample);
    [[nodiscard]] const LoadHistory &history() const noexcept { return m_history; }

    [[nodiscard]] bool isPaused() const noexcept { return m_pausedAtS.has_value(); }
    void setPaused(bool paused);
    void follow(TimeWindow::Follow what);
    /// Shows this one, if need be in the place of the last.
    void choose(ChartKind kind);
    [[nodiscard]] std::vector<LoadChart *> shownCharts() const;

    /// The charts that are shown, as a PNG of twice the pixels.
    [[nodiscard]] Result<void> savePicture(const QString &fileName);
    /// The figures of the whole run as CSV.
    [[nodiscard]] Result<void> saveValues(const QString &fileName) const;

    /// How many charts a height has room for.
    [[nodiscard]] static int chartsThatFit(int height);

    /// Whatever is to spare comes on top; a scroll area around would take a larger wish for a need.
    [[nodiscard]] QSize sizeHint() const override { return minimumSizeHint(); }
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fillBar();
    QToolButton *addButton(const QString &text, const QString &name, const QString &tip);
    void addChart(ChartKind kind);
    void placeCharts();
    void showState();
    void redraw();
    void draw(LoadChart &chart);
    void mark(std::optional<double> atS);
    void held();
    [[nodiscard]] double endS() const;
    [[nodiscard]] ChartView view() const;

    LoadHistory m_history;
    TimeWindow m_window;
    std::optional<double> m_pausedAtS;
    std::optional<double> m_markedS;
    Bar *m_bar;
    QMenu *m_choices;
    QVBoxLayout *m_column;
    std::vector<LoadChart *> m_charts; ///< one of each kind
    ChartKind m_chosen = ChartKind::Writes;
    QToolButton *m_minute = nullptr;
    QToolButton *m_whole = nullptr;
    QToolButton *m_back = nullptr;
    QToolButton *m_pause = nullptr;
};

} // namespace throughline
