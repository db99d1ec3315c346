// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/palettes.h"

#include <QIconEngine>
#include <QLatin1StringView>

namespace throughline {

/// Draws one of our icons in the ink that the application's palette has at the moment of painting: a change from
/// light to dark needs no new icons.
class IconEngine final : public QIconEngine
{
public:
    /// `name` must outlive the engine: a literal.
    IconEngine(QLatin1StringView name, Tone tone);

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override;
    QIconEngine *clone() const override;
    QString key() const override;
    bool isNull() override { return false; }

private:
    [[nodiscard]] QColor ink(QIcon::Mode mode) const;

    QLatin1StringView m_name;
    Tone m_tone;
};

} // namespace throughline
