// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/iconengine.h"

#include "ui/icons.h"

#include <QGuiApplication>
#include <QPainter>

namespace throughline {

using namespace Qt::StringLiterals;

IconEngine::IconEngine(QLatin1StringView name, Tone tone)
    : m_name(name)
    , m_tone(tone)
{
}

void IconEngine::paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State)
{
    paintSign(*painter, rect, m_name, ink(mode), qMin(rect.width(), rect.height()));
}

QPixmap IconEngine::pixmap(const QSize &size, QIcon::Mode mode, QIcon::State)
{
    return signPixmap(m_name, ink(mode), qMin(size.width(), size.height()), 1.0);
}

QIconEngine *IconEngine::clone() const
{
    return new IconEngine(m_name, m_tone);
}

QString IconEngine::key() const
{
    return u"ThroughlineIcon"_s;
}

QColor IconEngine::ink(QIcon::Mode mode) const
{
    const Colours &colours = coloursFor(QGuiApplication::palette());
    return mode == QIcon::Disabled ? colours.disabledText : colours.ink(m_tone);
}

} // namespace throughline
