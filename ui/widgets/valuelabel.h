// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/value.h"
#include "ui/widgets/elidinglabel.h"

#include <QWidget>

namespace throughline {

/// A value of a field on a dialog, with the same NULL pill, bullets and empty dot as in the grid.
class ValueLabel final : public QWidget
{
    Q_OBJECT

public:
    ValueLabel(const Value &value, bool secret, Tone tone, QWidget *parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Value m_value;
    bool m_secret;
    Tone m_tone;
};

} // namespace throughline
