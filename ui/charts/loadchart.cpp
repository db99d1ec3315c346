// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/loadchart.h"

#include "ui/charts/chartlegend.h"
#include "ui/charts/chartseries.h"
#include "ui/charts/loadhistory.h"
#include "ui/icons.h"
#include "ui/widgets/elidinglabel.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include <limits>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int headPadding = 10;
constexpr int sidePadding = 10;
constexpr int buttonPadding = 4;        ///< of a flat button, so that its text stands under the titles
constexpr double legendInterval = 0.45; ///< seconds: digits that change faster cannot be read
constexpr qint64 describeInterval = 5000;

int headHeight(const QFontMetrics &metrics)
{
    return metrics.height() + headPadding;
}

} // namespace

LoadChart::LoadChart(ChartKind kind, QWidget *parent)
    : QWidget(parent)
    , m_kind(kind)
    , m_spec(specOf(kind))
    , m_head(new QWidget(this))
    , m_title(new ElidingLabel(Tone::Text, m_head))
    , m_choice(new QToolButton(m_head))
    , m_legend(new ChartLegend(m_spec.lines, m_head))
    , m_plot(new ChartPlot(m_spec, this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    auto *row = new QHBoxLayout(m_head);
    row->setContentsMargins(sidePadding, 0, sidePadding, 0);
    row->setSpacing(sidePadding);
    row->addWidget(m_title);
    row->addWidget(m_choice);
    row->addWidget(m_legend, 1);
    m_title->setText(m_spec.title);
    m_title->setBold(true);
    m_title->setElides(false);
    m_head->setToolTip(m_spec.about);
    m_head->setFixedHeight(headHeight(fontMetrics()));
    m_choice->setText(m_spec.title);
    m_choice->setFont(m_title->font());
    m_choice->setAutoRaise(true);
    // Its own arrow would hang below the text.
    m_choice->setIcon(icon("chevron"_L1));
    m_choice->setIconSize({14, 14});
    m_choice->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_choice->setLayoutDirection(layoutDirection() == Qt::LeftToRight ? Qt::RightToLeft : Qt::LeftToRight);
    connect(m_choice, &QToolButton::clicked, this,
            [this] { m_choices->popup(m_choice->mapToGlobal(QPoint(0, m_choice->height()))); });
    m_choice->setFocusPolicy(Qt::TabFocus);
    m_choice->setAccessibleName(tr("Chart: %1").arg(m_spec.title));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_head);
    column->addWidget(m_plot, 1);
    m_plot->setAccessibleName(m_spec.accessibleName);
    setChoices(nullptr);
    reset();
}

void LoadChart::setChoices(QMenu *menu)
{
    m_choices = menu;
    m_head->layout()->setContentsMargins(menu ? sidePadding - buttonPadding : sidePadding, 0, sidePadding, 0);
    m_choice->setVisible(menu != nullptr);
    m_title->setVisible(menu == nullptr);
}

void LoadChart::draw(std::span<const LoadPoint> points, const ChartView &view)
{
    showValues(points, view);
    m_plot->draw(points, view);
}

void LoadChart::reset()
{
    m_valuesAtS = -1;
    m_sinceDescribed.invalidate();
    m_legend->reset();
    QStringList values;
    for (const ChartLine &line : m_spec.lines)
        values << (line.figure == Figure::Target
                       ? QString(u'\u2013')
                       : valueText(m_spec, line.figure, std::numeric_limits<double>::quiet_NaN()));
    m_legend->setValues(values);
    m_plot->setAccessibleDescription(m_spec.about);
}

QStringList LoadChart::legendValues() const
{
    return m_legend->values();
}

QPixmap LoadChart::picture(qreal ratio)
{
    QPixmap whole(size() * ratio);
    whole.setDevicePixelRatio(ratio);
    whole.fill(palette().color(QPalette::Base));
    QPainter painter(&whole);
    m_head->render(&painter, QPoint(), QRegion(), DrawChildren);
    painter.drawPixmap(m_plot->pos(), m_plot->picture(ratio));
    return whole;
}

int LoadChart::leastHeight(const QFontMetrics &metrics)
{
    return headHeight(metrics) + ChartPlot::leastHeight;
}

void LoadChart::showValues(std::span<const LoadPoint> points, const ChartView &view)
{
    const LoadPoint *point = LoadHistory::nearest(points, view.markedS.value_or(view.range.to));
    if (!point)
        return;
    const bool isLive = !view.markedS;
    if (isLive && m_valuesAtS >= 0 && point->atS >= m_valuesAtS && point->atS - m_valuesAtS < legendInterval)
        return;
    m_valuesAtS = isLive ? point->atS : -1;
    QStringList values;
    for (const ChartLine &line : m_spec.lines)
        values << valueText(m_spec, line.figure, chartseries::valueAt(points, point->atS, line.figure));
    m_legend->setValues(values);
    if (isLive)
        describe(values);
}

void LoadChart::describe(const QStringList &values)
{
    if (m_sinceDescribed.isValid() && m_sinceDescribed.elapsed() < describeInterval)
        return;
    m_sinceDescribed.start();
    QString sentence = m_spec.sentence;
    for (const QString &value : values)
        sentence = sentence.arg(value);
    m_plot->setAccessibleDescription(sentence);
}

} // namespace throughline
