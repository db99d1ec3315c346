// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chartspane.h"

#include "ui/charts/chartseries.h"
#include "ui/charts/loadchart.h"
#include "ui/icons.h"
#include "ui/widgets/bar.h"

#include <QAction>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QSaveFile>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int barPadding = 12;
constexpr int usualHeight = 150; ///< of a chart; more of them only when all are higher than this
constexpr int mostAtUsualHeight = 3;
constexpr int heightForAll = 170;
constexpr qreal pictureRatio = 2;

StoreError notSaved(const QString &fileName, const QString &reason)
{
    StoreError error;
    error.message = ChartsPane::tr("%1 was not saved: %2.").arg(fileName, reason);
    return error;
}

} // namespace

ChartsPane::ChartsPane(QWidget *parent)
    : QWidget(parent)
    , m_bar(new Bar(barPadding, Qt::TopEdge, this))
    , m_choices(new QMenu(this))
    , m_column(new QVBoxLayout(this))
{
    setAccessibleName(tr("Charts of the run"));
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(1); // a hairline of the gap's colour
    m_column->setSizeConstraint(QLayout::SetNoConstraint);
    m_column->addWidget(m_bar);
    fillBar();
    for (const ChartKind kind : allCharts)
        addChart(kind);
    placeCharts();
    showState();
}

void ChartsPane::clear()
{
    m_history.clear();
    m_pausedAtS.reset();
    m_markedS.reset();
    m_window.release();
    for (LoadChart *chart : m_charts)
        chart->reset();
    showState();
    redraw();
}

void ChartsPane::add(const LoadSample &sample)
{
    m_history.add(sample);
    if (!isPaused() && !m_window.isHeld())
        redraw();
}

void ChartsPane::setPaused(bool paused)
{
    if (paused == isPaused())
        return;
    m_pausedAtS = paused ? std::optional(m_history.endS()) : std::nullopt;
    showState();
    redraw();
}

void ChartsPane::follow(TimeWindow::Follow what)
{
    m_window.follow(what);
    showState();
    redraw();
}

void ChartsPane::choose(ChartKind kind)
{
    m_chosen = kind;
    placeCharts();
    redraw();
}

std::vector<LoadChart *> ChartsPane::shownCharts() const
{
    std::vector<LoadChart *> shown;
    std::ranges::copy_if(m_charts, std::back_inserter(shown),
                         [](const LoadChart *chart) { return !chart->isHidden(); });
    return shown;
}

Result<void> ChartsPane::savePicture(const QString &fileName)
{
    QPixmap whole;
    const std::vector<LoadChart *> shown = shownCharts();
    const QRect area = QRect(shown.front()->pos(), shown.back()->geometry().bottomRight());
    whole = QPixmap(area.size() * pictureRatio);
    whole.setDevicePixelRatio(pictureRatio);
    whole.fill(palette().color(QPalette::Window));
    QPainter painter(&whole);
    for (LoadChart *chart : shown)
        painter.drawPixmap(chart->pos() - area.topLeft(), chart->picture(pictureRatio));
    painter.end();
    QSaveFile file(fileName);
    if (file.open(QIODevice::WriteOnly) && whole.save(&file, "PNG") && file.commit())
        return {};
    return tl::unexpected(notSaved(fileName, file.errorString()));
}

Result<void> ChartsPane::saveValues(const QString &fileName) const
{
    QSaveFile file(fileName);
    const QByteArray text = chartseries::toCsv(m_history.whole()).toUtf8();
    if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit())
        return {};
    return tl::unexpected(notSaved(fileName, file.errorString()));
}

int ChartsPane::chartsThatFit(int height)
{
    if (height >= heightForAll * int(allCharts.size()))
        return int(allCharts.size());
    return std::clamp(height / usualHeight, 1, mostAtUsualHeight);
}

QSize ChartsPane::minimumSizeHint() const
{
    return {0, m_bar->height() + 1 + LoadChart::leastHeight(fontMetrics())};
}

void ChartsPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    redraw();
}

void ChartsPane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    placeCharts();
}

void ChartsPane::fillBar()
{
    m_minute = addButton(tr("Last 60 s"), u"chartsMinute"_s, tr("Show the last minute and go on with the run."));
    m_whole = addButton(tr("Whole run"), u"chartsWhole"_s, tr("Show everything since the start of the run."));
    auto *spans = new QButtonGroup(m_bar);
    for (QToolButton *button : {m_minute, m_whole}) {
        button->setCheckable(true);
        spans->addButton(button);
    }
    m_bar->row()->addStretch(1);
    m_back = addButton(tr("Back to the run"), u"chartsBack"_s,
                       tr("Leave the part that was zoomed to. Esc in a chart and a double click do the same."));
    m_pause = addButton({}, u"chartsPause"_s, {});
    m_pause->setCheckable(true);
    connect(m_minute, &QToolButton::clicked, this, [this] { follow(TimeWindow::Follow::LastMinute); });
    connect(m_whole, &QToolButton::clicked, this, [this] { follow(TimeWindow::Follow::WholeRun); });
    connect(m_back, &QToolButton::clicked, this, [this] { follow(m_window.following()); });
    connect(m_pause, &QToolButton::clicked, this, [this](bool checked) { setPaused(checked); });
    connect(m_choices, &QMenu::triggered, this,
            [this](const QAction *action) { choose(static_cast<ChartKind>(action->data().toInt())); });
}

QToolButton *ChartsPane::addButton(const QString &text, const QString &name, const QString &tip)
{
    auto *button = new QToolButton(m_bar);
    button->setObjectName(name);
    button->setText(text);
    button->setToolTip(tip);
    button->setAutoRaise(true);
    button->setIconSize({16, 16});
    button->setFocusPolicy(Qt::TabFocus);
    m_bar->row()->addWidget(button);
    return button;
}

void ChartsPane::addChart(ChartKind kind)
{
    auto *chart = new LoadChart(kind, this);
    m_charts.push_back(chart);
    m_column->addWidget(chart, 1);
    QAction *choice = m_choices->addAction(chart->title());
    choice->setData(int(kind));
    choice->setCheckable(true);
    const ChartPlot &plot = chart->plot();
    connect(&plot, &ChartPlot::marked, this, [this](double atS) { mark(atS); });
    connect(&plot, &ChartPlot::unmarked, this, [this] { mark(std::nullopt); });
    connect(&plot, &ChartPlot::resized, this, [this, chart] { draw(*chart); });
    connect(&plot, &ChartPlot::released, this, [this] { follow(m_window.following()); });
    connect(&plot, &ChartPlot::zoomed, this, [this](double factor, double atS) {
        m_window.zoom(factor, atS, endS());
        held();
    });
    connect(&plot, &ChartPlot::panned, this, [this](double seconds) {
        m_window.pan(seconds, endS());
        held();
    });
}

/// The first ones have a place of their own, and the last place is for what was chosen of the others.
void ChartsPane::placeCharts()
{
    const auto fit = size_t(chartsThatFit(height() - m_bar->height()));
    const bool allFit = fit >= m_charts.size();
    const size_t chosen = std::max(size_t(m_chosen), fit - 1);
    for (size_t i = 0; i < m_charts.size(); ++i) {
        const bool isLast = !allFit && i == chosen;
        m_charts[i]->setChoices(isLast ? m_choices : nullptr);
        m_charts[i]->setVisible(allFit || i + 1 < fit || isLast);
        QAction *choice = m_choices->actions().at(qsizetype(i));
        choice->setVisible(i + 1 >= fit);
        choice->setChecked(isLast);
    }
}

void ChartsPane::showState()
{
    const bool isWhole = m_window.following() == TimeWindow::Follow::WholeRun;
    (isWhole ? m_whole : m_minute)->setChecked(true);
    m_back->setVisible(m_window.isHeld());
    m_pause->setChecked(isPaused());
    m_pause->setIcon(icon(isPaused() ? "play"_L1 : "pause"_L1));
    m_pause->setToolTip(isPaused() ? tr("Let the charts go on with the run.")
                                   : tr("Hold the charts still. The run goes on."));
    m_pause->setAccessibleName(isPaused() ? tr("Go on with the charts") : tr("Hold the charts"));
}

void ChartsPane::redraw()
{
    for (LoadChart *chart : m_charts)
        draw(*chart);
}

void ChartsPane::draw(LoadChart &chart)
{
    if (!chart.isVisible())
        return;
    const ChartView shown = view();
    chart.draw(m_history.between(shown.range.from, shown.range.to), shown);
}

void ChartsPane::mark(std::optional<double> atS)
{
    if (m_history.isEmpty())
        atS.reset();
    if (atS == m_markedS)
        return;
    m_markedS = atS;
    redraw();
}

void ChartsPane::held()
{
    m_markedS.reset();
    showState();
    redraw();
}

double ChartsPane::endS() const
{
    return m_pausedAtS.value_or(m_history.endS());
}

ChartView ChartsPane::view() const
{
    const bool isLive = !isPaused() && !m_window.isHeld() && m_window.following() == TimeWindow::Follow::LastMinute;
    return {m_window.range(endS()), isLive, m_markedS};
}

} // namespace throughline
