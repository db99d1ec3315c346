// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/icons.h"

#include "ui/iconengine.h"

#include <QFile>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

// Small drawings need a heavier line to weigh as much as the text beside them.
QByteArray strokeWidth(QLatin1StringView name, int size)
{
    if (name == "chevron"_L1 || size > 16)
        return "1.5"_ba;
    return size > 14 ? "1.7"_ba : "2.0"_ba;
}

// Qt's own resolving of currentColor differs between versions, so the ink is written into the text.
QByteArray inked(QByteArray svg, QLatin1StringView name, const QColor &ink, int size)
{
    svg.replace("currentColor"_ba, ink.name().toLatin1());
    svg.replace("stroke-width=\"1.5\""_ba, "stroke-width=\""_ba + strokeWidth(name, size) + '"');
    return svg;
}

QPixmap render(QLatin1StringView name, const QColor &ink, int size, qreal ratio)
{
    QFile file(":/throughline/icons/"_L1 + name + ".svg"_L1);
    const int pixels = qRound(size * ratio);
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    if (file.open(QIODevice::ReadOnly)) {
        QSvgRenderer renderer(inked(file.readAll(), name, ink, size));
        QPainter painter(&pixmap);
        renderer.render(&painter, QRectF(0, 0, pixels, pixels));
    }
    pixmap.setDevicePixelRatio(ratio);
    return pixmap;
}

} // namespace

QIcon icon(QLatin1StringView name, Tone tone)
{
    return QIcon(new IconEngine(name, tone)); // QIcon owns it
}

QPixmap signPixmap(QLatin1StringView name, const QColor &ink, int size, qreal ratio)
{
    const QString key = u"throughline/%1/%2/%3/%4"_s.arg(name).arg(ink.rgba(), 0, 16).arg(size).arg(ratio);
    QPixmap pixmap;
    if (!QPixmapCache::find(key, &pixmap)) {
        pixmap = render(name, ink, size, ratio);
        QPixmapCache::insert(key, pixmap);
    }
    return pixmap;
}

void paintSign(QPainter &painter, const QRect &rect, QLatin1StringView name, const QColor &ink, int size)
{
    const QPoint corner(rect.x() + (rect.width() - size) / 2, rect.y() + (rect.height() - size) / 2);
    painter.drawPixmap(corner, signPixmap(name, ink, size, painter.device()->devicePixelRatioF()));
}

QLatin1StringView signOf(CellState state)
{
    switch (state) {
    case CellState::Conflict:
        return "conflict"_L1;
    case CellState::Failed:
        return "failed"_L1;
    case CellState::Unknown:
        return "unknown"_L1;
    case CellState::Pending:
        return "pending"_L1;
    case CellState::CachePending:
        return "cachepending"_L1;
    case CellState::Differs:
        return "differs"_L1;
    case CellState::Missing:
        return "missing"_L1;
    case CellState::Saved:
        return "saved"_L1;
    case CellState::OtherSpelling:
    case CellState::None:
        break;
    }
    return {};
}

} // namespace throughline
