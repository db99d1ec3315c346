// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/control/activitycontroller.h"

#include "ui/models/activitymodel.h"
#include "ui/panes/activitypane.h"
#include "ui/panes/activitytable.h"
#include "ui/panes/statusline.h"

namespace throughline {

namespace {

constexpr milliseconds listInterval{3000};

qint64 answered(const StagedReport &report)
{
    return report.done + report.failures();
}

} // namespace

ActivityController::ActivityController(StoreService &service, ActivityPane &pane, StatusLine &status, QObject *parent)
    : QObject(parent)
    , m_service(service)
    , m_pane(pane)
    , m_status(status)
    , m_label(service.mapping().config.label.toUtf8())
{
    connect(&service, &StoreService::outcomesReady, this, &ActivityController::onOutcomes);
    connect(&service, &StoreService::stagedReported, this, &ActivityController::onStaged);
    connect(&service, &StoreService::stagedListed, this, &ActivityController::onListed);
    connect(&pane, &ActivityPane::shownChanged, this, &ActivityController::onPaneShown);
    connect(&pane.table(), &ActivityTable::lineChosen, this, &ActivityController::onLineChosen);
    m_listTimer.setInterval(listInterval);
    connect(&m_listTimer, &QTimer::timeout, &service, &StoreService::wantStaged);
    onPaneShown(pane.isVisible());
}

void ActivityController::onOutcomes(const std::vector<Outcome> &outcomes)
{
    std::vector<ActivityLine> lines;
    for (const Outcome &outcome : outcomes)
        if (auto line = activityLine(outcome, m_label))
            lines.push_back(std::move(*line));
    m_pane.model().add(lines);
}

void ActivityController::onStaged(const StagedReport &report, const std::vector<StagedEvent> &events)
{
    std::vector<ActivityLine> lines;
    lines.reserve(events.size());
    for (const StagedEvent &event : events)
        lines.push_back(activityLine(event));
    m_pane.model().add(lines);
    const qint64 untold = answered(report) - answered(m_report) - std::ssize(events);
    if (untold > 0 && !m_untoldSince)
        m_untoldSince = QDateTime::currentDateTimeUtc().addSecs(-1);
    m_pane.model().skip(untold);
    m_report = report;
    showStatus();
}

void ActivityController::onListed(const std::vector<StagedRecord> &records)
{
    std::vector<ActivityLine> lines;
    lines.reserve(records.size());
    for (const StagedRecord &record : records)
        lines.push_back(lineOf(record));
    m_pane.model().merge(std::move(lines));
}

ActivityLine ActivityController::lineOf(const StagedRecord &record) const
{
    ActivityLine line = activityLine(record);
    if (m_untoldSince && record.at >= *m_untoldSince) // it may be this window's
        line.origin = ActivityOrigin::Client;
    return line;
}

void ActivityController::onPaneShown(bool shown)
{
    if (!shown) {
        m_listTimer.stop();
        return;
    }
    m_listTimer.start();
    m_service.wantStaged();
    showStatus();
}

void ActivityController::onLineChosen(int row)
{
    const ActivityLine &line = m_pane.model().line(row);
    if (line.label == m_label)
        Q_EMIT keyChosen(line.key);
    else
        Q_EMIT sentence(tr("The row is of %1, which is not open here.").arg(QString::fromUtf8(line.label)));
}

void ActivityController::showStatus()
{
    if (m_pane.isVisible())
        m_seenFailures = m_report.failures();
    m_status.setStaged(m_report, m_report.failures() - m_seenFailures);
}

} // namespace throughline
