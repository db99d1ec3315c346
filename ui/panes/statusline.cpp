// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/statusline.h"

#include "ui/formats.h"
#include "ui/panes/stagedstatus.h"
#include "ui/panes/storestatus.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/elidinglabel.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLocale>
#include <QTimer>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds messageTime{8};
constexpr double longestWaitS = 60; // twice what a hanging program may take
constexpr int extraHeight = 9;
constexpr double smaller = -0.5;

} // namespace

StatusLine::StatusLine(QWidget *parent)
    : QWidget(parent)
    , m_postgres(new StoreStatus("database"_L1, tr("PostgreSQL"), this))
    , m_redis(new StoreStatus("cache"_L1, tr("Redis"), this))
    , m_environment(new Chip(this))
    , m_messageTimer(new QTimer(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 10, 0);
    row->setSpacing(10);
    row->setSizeConstraint(QLayout::SetNoConstraint);
    row->addWidget(m_postgres);
    row->addWidget(separator());
    row->addWidget(m_redis);
    row->addWidget(separator());
    m_writes = addText(Tone::Text2);
    m_generator = addText(Tone::Text2);
    m_problems = addText(Tone::Failed);
    m_problems->setElides(false);
    m_upkeep = addText(Tone::Pending);
    m_staged = new StagedStatus(this);
    row->addWidget(m_staged);
    m_message = addText(Tone::Text2);
    row->addStretch(1);
    m_zone = addText(Tone::Text2);
    row->addWidget(m_environment);
    m_environment->setBold(true);
    setFixedHeight(fontMetrics().height() + extraHeight);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    auto *second = new QTimer(this);
    connect(second, &QTimer::timeout, m_postgres, &StoreStatus::tick);
    connect(second, &QTimer::timeout, m_redis, &StoreStatus::tick);
    connect(second, &QTimer::timeout, m_staged, &StagedStatus::tick);
    second->start(1000);
    connect(m_staged, &StagedStatus::failuresChosen, this, &StatusLine::stagedFailuresChosen);
    connect(m_postgres, &StoreStatus::retryRequested, this, &StatusLine::retryRequested);
    connect(m_redis, &StoreStatus::retryRequested, this, &StatusLine::retryRequested);
    setWritesPerSecond(0);
    setGenerator(std::nullopt);
    setUpkeep({});
    m_messageTimer->setSingleShot(true);
    m_messageTimer->setInterval(messageTime);
    connect(m_messageTimer, &QTimer::timeout, this, [this] { showMessage({}); });
    showMessage({});
}

void StatusLine::setStates(const StoreStates &states)
{
    m_postgres->setHealth(states.postgres);
    m_redis->setHealth(states.redis);
}

void StatusLine::setWritesPerSecond(double writes)
{
    m_writes->setText(tr("Writes %1/s").arg(formats::count(qRound64(writes))));
}

void StatusLine::setGenerator(const std::optional<LoadStats> &stats)
{
    const QString problems = stats ? problemWords(*stats) : QString();
    m_generator->setVisible(stats.has_value());
    m_writes->setVisible(!stats); // the run says its own rate
    m_problems->setVisible(!problems.isEmpty());
    if (!stats)
        return;
    m_generator->setText(generatorWords(*stats));
    m_problems->setText(problems);
    m_problems->setToolTip(stats->lastError ? stats->lastError->message : QString());
}

void StatusLine::setUpkeep(const UpkeepReport &report)
{
    m_upkeep->setText(upkeepWords(report));
    m_upkeep->setVisible(!m_upkeep->text().isEmpty());
    m_upkeep->setToolTip(report.error ? report.error->message
                                      : tr("Changes made outside this program reach the cache through the outbox. "
                                           "%1 rows of it wait, the oldest for %2 s.")
                                            .arg(formats::count(report.waiting.rows))
                                            .arg(qRound64(report.waiting.oldestS)));
    m_staged->setUpkeepError(report.error);
}

void StatusLine::setStaged(const StagedReport &report, qint64 unseen)
{
    m_staged->setReport(report, unseen);
}

void StatusLine::setTimeZone(const QString &zone)
{
    m_zone->setText(zone);
    m_zone->setToolTip(tr("Timestamps are shown in this time zone."));
}

void StatusLine::setEnvironment(Environment environment)
{
    switch (environment) {
    case Environment::Development:
        m_environment->setContent(Chip::Kind::Development, {}, tr("Development"));
        break;
    case Environment::Production:
        m_environment->setContent(Chip::Kind::Production, "warning"_L1, tr("Production"));
        break;
    case Environment::ReadOnly:
        m_environment->setContent(Chip::Kind::ReadOnly, "masked"_L1, tr("Read-only"));
        break;
    }
    m_environment->setAccessibleName(tr("Environment: %1").arg(m_environment->text()));
}

void StatusLine::setCompact(bool compact)
{
    m_compact = compact;
    m_postgres->setCompact(compact);
    m_redis->setCompact(compact);
    m_zone->setVisible(!compact);
}

void StatusLine::showMessage(const QString &sentence)
{
    m_message->setText(sentence);
    m_message->setVisible(!sentence.isEmpty());
    m_messageTimer->start();
}

QSize StatusLine::minimumSizeHint() const
{
    return {0, height()};
}

QWidget *StatusLine::separator()
{
    auto *line = new QFrame(this);
    line->setFixedSize(1, fontMetrics().height() - 3);
    line->setAutoFillBackground(true);
    line->setBackgroundRole(QPalette::Mid);
    return line;
}

ElidingLabel *StatusLine::addText(Tone tone)
{
    auto *label = new ElidingLabel(tone, this);
    label->setPointDelta(smaller);
    layout()->addWidget(label);
    return label;
}

/// Each kind by its own name: an unknown outcome is not a failure.
QString StatusLine::problemWords(const LoadStats &stats)
{
    QStringList words;
    const auto add = [&words](qint64 count, const QString &text) {
        if (count > 0)
            words << text.arg(formats::count(count));
    };
    add(stats.conflicts, tr("%1 conflicts"));
    add(stats.failed, tr("%1 failed"));
    add(stats.unknown, tr("%1 unknown"));
    add(stats.unavailable, tr("%1 not sent"));
    add(stats.cachePending, tr("%1 cache pending"));
    return words.join(u", "_s);
}

/// A store that is away says so itself, beside this.
QString StatusLine::upkeepWords(const UpkeepReport &report)
{
    if (report.error && !report.error->unavailable())
        return tr("The cache is not kept up to date");
    if (report.waiting.oldestS > longestWaitS)
        return tr("%1 changes wait for the cache").arg(formats::count(report.waiting.keys));
    return report.recovering ? tr("The cache is being recovered") : QString();
}

QString StatusLine::generatorWords(const LoadStats &stats)
{
    const QString written = tr("Generator: %1 written, %2/s")
                                .arg(formats::count(stats.committed), formats::count(qRound64(stats.perSecond)));
    return stats.backlog > 0 ? tr("%1, backlog %2").arg(written, formats::count(stats.backlog)) : written;
}

} // namespace throughline
