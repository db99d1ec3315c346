// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/palettes.h"

#include <QLatin1StringView>
#include <QWidget>

namespace throughline {

/// One of our icons standing in a bar. Decoration: the words beside it say the same.
class SignLabel final : public QWidget
{
    Q_OBJECT

public:
    SignLabel(QLatin1StringView name, Tone tone, int size, QWidget *parent = nullptr);

    void setSign(QLatin1StringView name, Tone tone);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QLatin1StringView m_name;
    Tone m_tone;
    int m_size;
};

} // namespace throughline
