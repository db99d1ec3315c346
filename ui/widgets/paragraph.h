// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/palettes.h"

#include <QLabel>

namespace throughline {

/// Wrapped plain text in a tone, right over any background and through changes of the palette.
class Paragraph final : public QLabel
{
    Q_OBJECT

public:
    explicit Paragraph(Tone tone, QWidget *parent = nullptr);

    void setTone(Tone tone);

protected:
    void changeEvent(QEvent *event) override;

private:
    void ink();

    Tone m_tone;
};

} // namespace throughline
