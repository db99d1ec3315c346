// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/palettes.h"

#include <QLabel>

namespace throughline {

/// One line of text in a tone that gives way when room is short: it elides, shows the whole text as its tooltip then,
/// and never widens the window.
class ElidingLabel final : public QLabel
{
    Q_OBJECT

public:
    explicit ElidingLabel(Tone tone = Tone::Text, QWidget *parent = nullptr);

    void setTone(Tone tone);
    void setBold(bool bold);
    /// Difference to the base font, in points.
    void setPointDelta(double delta);
    /// A label that must be readable whole keeps its width.
    void setElides(bool elides);
    void setElideMode(Qt::TextElideMode mode);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    Tone m_tone;
    Qt::TextElideMode m_mode = Qt::ElideRight;
    bool m_elides = true;
};

} // namespace throughline
