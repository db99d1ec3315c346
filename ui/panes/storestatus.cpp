// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/storestatus.h"

#include "ui/formats.h"
#include "ui/widgets/elidinglabel.h"
#include "ui/widgets/signlabel.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int iconSize = 14;
constexpr int signSize = 13;
constexpr double smaller = -0.5;
constexpr int buttonExtraHeight = 4;

} // namespace

StoreStatus::StoreStatus(QLatin1StringView icon, const QString &name, QWidget *parent)
    : QWidget(parent)
    , m_name(name)
    , m_title(new ElidingLabel(Tone::Text, this))
    , m_sign(new SignLabel({}, Tone::Saved, signSize, this))
    , m_details(new ElidingLabel(Tone::Text2, this))
    , m_retry(new QPushButton(tr("Try now"), this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(new SignLabel(icon, Tone::Text2, iconSize, this));
    row->addWidget(m_title);
    row->addWidget(m_sign);
    row->addWidget(m_details);
    row->addWidget(m_retry);
    m_title->setElides(false);
    m_details->setElides(false);
    m_title->setPointDelta(smaller);
    m_details->setPointDelta(smaller);
    m_title->setText(name);
    m_retry->setFixedHeight(fontMetrics().height() + buttonExtraHeight);
    m_retry->setAutoDefault(false);
    connect(m_retry, &QPushButton::clicked, this, &StoreStatus::retryRequested);
    present();
}

void StoreStatus::setHealth(const StoreHealth &health)
{
    m_health = health;
    m_nextTry = QDeadlineTimer(health.nextTryMs);
    present();
}

void StoreStatus::setCompact(bool compact)
{
    m_compact = compact;
    present();
}

void StoreStatus::tick()
{
    if (m_health.state == StoreHealth::State::Down)
        present();
}

void StoreStatus::present()
{
    const bool down = m_health.state == StoreHealth::State::Down;
    const bool up = m_health.isUp();
    m_sign->setSign(down ? "failed"_L1
                    : up ? "saved"_L1
                         : "pending"_L1,
                    down ? Tone::Failed
                    : up ? Tone::Saved
                         : Tone::Pending);
    m_details->setTone(down ? Tone::Failed : Tone::Text2);
    m_details->setText(words());
    m_details->setVisible(!m_details->text().isEmpty() && !(m_compact && up));
    m_retry->setVisible(down);
    setAccessibleName(up ? tr("%1 connected, %2").arg(m_name, words()) : m_name + u": "_s + words());
    QStringList tip{m_health.serverVersion.isEmpty() ? m_name : m_name + u' ' + m_health.serverVersion};
    if (m_health.error)
        tip << m_health.error->message;
    setToolTip(tip.join(u'\n'));
}

QString StoreStatus::words() const
{
    switch (m_health.state) {
    case StoreHealth::State::Connecting:
        return tr("connecting\u2026");
    case StoreHealth::State::Connected:
        return m_health.roundTripMs < 0 ? QString() : tr("%1 ms").arg(formats::milliseconds(m_health.roundTripMs));
    case StoreHealth::State::Down:
        break;
    }
    const qint64 seconds = (m_nextTry.remainingTime() + 999) / 1000;
    return seconds > 0 ? tr("no connection, next try in %1 s").arg(seconds) : tr("no connection, trying now");
}

} // namespace throughline
