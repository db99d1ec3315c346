// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/stagedstatus.h"

#include "ui/formats.h"
#include "ui/icons.h"
#include "ui/widgets/elidinglabel.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QToolButton>

#include <utility>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds longestWait{5};
constexpr int signSize = 13;
constexpr double smaller = -0.5;
constexpr int buttonExtraHeight = 4;

qint64 answered(const StagedReport &report)
{
    return report.done + report.failures();
}

} // namespace

StagedStatus::StagedStatus(QWidget *parent, ClockFunction clock)
    : QWidget(parent)
    , m_clock(std::move(clock))
    , m_text(new ElidingLabel(Tone::Text2, this))
    , m_failures(new QToolButton(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(m_text);
    row->addWidget(m_failures);
    m_text->setPointDelta(smaller);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() + smaller);
    m_failures->setFont(small);
    m_failures->setAutoRaise(true);
    m_failures->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_failures->setIcon(icon("warning"_L1, Tone::Failed));
    m_failures->setIconSize({signSize, signSize});
    m_failures->setFocusPolicy(Qt::TabFocus);
    m_failures->setFixedHeight(fontMetrics().height() + buttonExtraHeight);
    m_failures->setObjectName(u"stagedFailures"_s);
    m_failures->setToolTip(tr("Show what failed in the activity list."));
    connect(m_failures, &QToolButton::clicked, this, &StagedStatus::failuresChosen);
    present();
}

void StagedStatus::setReport(const StagedReport &report, qint64 unseen)
{
    if (answered(report) < answered(m_report)) // of another session
        m_answeredBefore = 0;
    m_report = report;
    const bool isNew = m_unseen == 0 && unseen > 0;
    m_unseen = unseen;
    if (report.waiting == 0)
        m_waitingSince.reset();
    else if (!m_waitingSince)
        m_waitingSince = m_clock();
    present();
    if (isNew) {
        QAccessibleEvent alert(m_failures, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
}

void StagedStatus::setUpkeepError(const std::optional<StoreError> &error)
{
    m_upkeepError = error;
    present();
}

void StagedStatus::tick()
{
    m_perSecond = answered(m_report) - std::exchange(m_answeredBefore, answered(m_report));
    present();
}

QSize StagedStatus::minimumSizeHint() const
{
    // The count of failures must be readable; the rest gives way.
    return {m_failures->isHidden() ? 0 : m_failures->sizeHint().width(), 0};
}

bool StagedStatus::isHeldUp() const
{
    return m_waitingSince && m_clock() - *m_waitingSince > longestWait;
}

/// A store that is away says so itself, and so does the upkeep.
bool StagedStatus::saysError() const
{
    return m_report.error && !m_report.error->unavailable() &&
           !(m_upkeepError && m_upkeepError->message == m_report.error->message);
}

QString StagedStatus::words() const
{
    if (saysError())
        return tr("Staged writes are not carried out");
    if (isHeldUp())
        return m_report.waiting == 1 ? tr("1 staged write waits")
                                     : tr("%1 staged writes wait").arg(formats::count(m_report.waiting));
    return answered(m_report) > 0 ? tr("Staged %1/s").arg(formats::count(m_perSecond)) : QString();
}

QString StagedStatus::tip() const
{
    if (saysError())
        return m_report.error->message;
    return tr("Writes that Redis clients have staged: %1 done, %2 failed, %3 wait.")
        .arg(formats::count(m_report.done), formats::count(m_report.failures()), formats::count(m_report.waiting));
}

void StagedStatus::present()
{
    m_text->setText(words());
    m_text->setTone(saysError() || isHeldUp() ? Tone::Pending : Tone::Text2);
    m_text->setToolTip(tip());
    m_text->setVisible(!m_text->text().isEmpty());
    m_failures->setText(m_unseen == 1 ? tr("1 staged write failed")
                                      : tr("%1 staged writes failed").arg(formats::count(m_unseen)));
    m_failures->setVisible(m_unseen > 0);
    setVisible(!m_text->isHidden() || !m_failures->isHidden());
    updateGeometry();
}

} // namespace throughline
