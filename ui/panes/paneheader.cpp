// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/paneheader.h"

#include "domain/cachedrow.h"
#include "ui/formats.h"
#include "ui/panes/panecontent.h"
#include "ui/widgets/elidinglabel.h"
#include "ui/widgets/signlabel.h"

#include <QHBoxLayout>
#include <QPainter>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int extraHeight = 14;
constexpr int iconSize = 16;
constexpr int clockSize = 14;
constexpr qint64 soonMs = 10000;
constexpr int groupGap = 12;
constexpr double smaller = -0.5;

} // namespace

PaneHeader::PaneHeader(QLatin1StringView icon, const QString &title, QWidget *parent)
    : Bar(extraHeight, Qt::BottomEdge, parent)
    , m_title(new ElidingLabel(Tone::Text, this))
    , m_place(new ElidingLabel(Tone::Text2, this))
    , m_clock(new SignLabel("pending"_L1, Tone::Text2, clockSize, this))
    , m_ttl(new ElidingLabel(Tone::Text2, this))
    , m_version(new ElidingLabel(Tone::Text2, this))
    , m_chip(new Chip(this))
{
    m_title->setText(title);
    m_title->setBold(true);
    m_title->setElides(false);
    m_ttl->setElides(false);
    m_version->setElides(false);
    m_ttl->setPointDelta(smaller);
    m_version->setPointDelta(smaller);
    m_place->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    row()->addWidget(new SignLabel(icon, Tone::Text2, iconSize, this));
    row()->addSpacing(2);
    row()->addWidget(m_title);
    row()->addSpacing(2);
    row()->addWidget(m_place, 1);
    row()->addSpacing(groupGap - 6);
    row()->addWidget(m_clock);
    row()->addWidget(m_ttl);
    row()->addSpacing(groupGap - 6);
    row()->addWidget(m_version);
    row()->addSpacing(groupGap - 6);
    row()->addWidget(m_chip);
}

void PaneHeader::showContent(const PaneContent &content)
{
    m_place->setText(content.place);
    m_version->setText(content.version);
    m_version->setVisible(!content.version.isEmpty());
    m_version->setTone(content.versionDiffers ? Tone::Differs : Tone::Text2);
    m_version->setBold(content.versionDiffers);
    m_chip->setContent(content.chipKind, content.chipSign, content.chip);
    m_chip->setBold(content.chipKind == Chip::Kind::Differs || content.chipKind == Chip::Kind::Conflict);
    m_ttlMs = content.ttlMs;
    if (m_ttlMs && *m_ttlMs >= 0)
        m_expiry = QDeadlineTimer(*m_ttlMs);
    showTtl();
}

void PaneHeader::tick()
{
    showTtl();
}

void PaneHeader::setFocusShown(bool shown)
{
    m_focusShown = shown;
    update();
}

QString PaneHeader::spokenState() const
{
    QStringList parts{m_place->text(), m_version->text(), m_ttl->text(), m_chip->text()};
    parts.removeAll(QString());
    return parts.join(", "_L1);
}

void PaneHeader::paintEvent(QPaintEvent *event)
{
    Bar::paintEvent(event);
    if (m_focusShown)
        QPainter(this).fillRect(0, 0, width(), 2, coloursFor(palette()).accent);
}

void PaneHeader::showTtl()
{
    m_clock->setVisible(m_ttlMs.has_value());
    m_ttl->setVisible(m_ttlMs.has_value());
    if (!m_ttlMs) {
        m_ttl->clear();
        return;
    }
    const bool expires = *m_ttlMs != CachedRow::noTtl;
    const qint64 left = expires ? m_expiry.remainingTime() : 0;
    const Tone tone = expires && left < soonMs ? Tone::Differs : Tone::Text2;
    m_clock->setSign("pending"_L1, tone);
    m_ttl->setTone(tone);
    if (!expires)
        m_ttl->setText(tr("no TTL"));
    else if (left <= 0)
        m_ttl->setText(tr("expired"));
    else if (left < soonMs)
        m_ttl->setText(tr("expires in %1 s").arg((left + 999) / 1000));
    else
        m_ttl->setText(tr("TTL %1").arg(formats::clock(left)));
}

} // namespace throughline
