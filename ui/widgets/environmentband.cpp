// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/environmentband.h"

#include "ui/icons.h"

#include <QPainter>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int extraHeight = 8;
constexpr int padding = 12;
constexpr int signSize = 16;
constexpr int gap = 10;

} // namespace

EnvironmentBand::EnvironmentBand(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    hide();
}

void EnvironmentBand::setEnvironment(Environment environment, const QString &stores)
{
    m_environment = environment;
    m_stores = stores;
    setVisible(environment != Environment::Development);
    setAccessibleName(environment == Environment::Production ? tr("Environment: Production")
                                                             : tr("Environment: Read-only"));
    setAccessibleDescription(stores + u' ' + consequence());
    setToolTip(accessibleDescription());
    update();
}

QSize EnvironmentBand::sizeHint() const
{
    return {0, fontMetrics().height() + extraHeight};
}

QSize EnvironmentBand::minimumSizeHint() const
{
    return sizeHint();
}

void EnvironmentBand::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colours &colours = coloursFor(palette());
    const bool production = m_environment == Environment::Production;
    const QColor ink = production ? colours.onSolid : colours.readOnly.ink;
    painter.fillRect(rect(), production ? colours.production : colours.readOnly.tint);
    QRect room = rect().adjusted(padding, 0, -padding, 0);
    paintSign(painter, QRect(room.x(), 0, signSize, height()), production ? "warning"_L1 : "masked"_L1, ink, signSize);
    room.setLeft(room.left() + signSize + gap);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    painter.setPen(ink);
    painter.setFont(bold);
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter, title());
    room.setLeft(room.left() + QFontMetrics(bold).horizontalAdvance(title()) + gap);
    painter.setFont(font());
    const QString text = m_stores + u"  "_s + consequence();
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(text, Qt::ElideRight, room.width()));
}

QString EnvironmentBand::title() const
{
    return m_environment == Environment::Production ? tr("PRODUCTION") : tr("READ-ONLY");
}

QString EnvironmentBand::consequence() const
{
    return m_environment == Environment::Production ? tr("Edits are written at once. The generator is off.")
                                                    : tr("Nothing can be changed here. The generator is off.");
}

} // namespace throughline
