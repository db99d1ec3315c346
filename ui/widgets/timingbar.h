// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/outcome.h"

#include <QWidget>

namespace throughline {

/// Where the time of one write went: total, three segments (queued, PostgreSQL, Redis) and their legend with swatches.
/// Gives up the legend, then the segments, when room is short; the total stays.
class TimingBar final : public QWidget
{
    Q_OBJECT

public:
    explicit TimingBar(QWidget *parent = nullptr);

    void setTimings(const Timings &timings);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QString total() const;
    [[nodiscard]] QStringList legend() const;
    [[nodiscard]] int totalWidth() const;
    [[nodiscard]] int legendWidth() const;
    void drawSegments(QPainter &painter, int x) const;
    void drawLegend(QPainter &painter, int x) const;

    Timings m_timings;
};

} // namespace throughline
