// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chartspec.h"

#include <QStringList>
#include <QWidget>

#include <vector>

namespace throughline {

/// The lines of a chart with their values, beside its title, from the right. Gives way when room is short: the
/// swatches go, because the lines have names at their ends, then the last values.
class ChartLegend final : public QWidget
{
    Q_OBJECT

public:
    explicit ChartLegend(const std::vector<ChartLine> &lines, QWidget *parent = nullptr);

    /// As many as lines.
    void setValues(const QStringList &values);
    [[nodiscard]] const QStringList &values() const noexcept { return m_values; }
    /// Forgets how wide the values were.
    void reset();

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QFont nameFont() const;
    [[nodiscard]] QFont valueFont() const;
    [[nodiscard]] int widthOf(size_t line, bool withSwatch) const;
    [[nodiscard]] int widthOf(bool withSwatches, size_t lines) const;
    void paintSwatch(QPainter &painter, const ChartLine &line, int x) const;

    std::vector<ChartLine> m_lines;
    QStringList m_values;
    std::vector<int> m_valueWidths; ///< of the widest so far: the words must not dance with the digits
};

} // namespace throughline
