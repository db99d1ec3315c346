// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/storeservice.h"
#include "ui/models/activityline.h"

#include <QDateTime>
#include <QObject>
#include <QTimer>

#include <optional>
#include <vector>

namespace throughline {

class ActivityPane;
class StatusLine;

/// What is written in an opened session, on its way into the activity list and the status bar: edits of this window,
/// staged writes that it has carried out, and those that others have.
class ActivityController final : public QObject
{
    Q_OBJECT

public:
    ActivityController(StoreService &service, ActivityPane &pane, StatusLine &status, QObject *parent = nullptr);

Q_SIGNALS:
    /// A line of a row of the opened table was chosen.
    void keyChosen(const throughline::RowKey &key);
    void sentence(const QString &text);

private:
    void onOutcomes(const std::vector<Outcome> &outcomes);
    void onStaged(const StagedReport &report, const std::vector<StagedEvent> &events);
    void onListed(const std::vector<StagedRecord> &records);
    void onPaneShown(bool shown);
    void onLineChosen(int row);
    [[nodiscard]] ActivityLine lineOf(const StagedRecord &record) const;
    void showStatus();

    StoreService &m_service;
    ActivityPane &m_pane;
    StatusLine &m_status;
    QByteArray m_label; ///< of the opened table
    StagedReport m_report;
    std::optional<QDateTime> m_untoldSince; ///< some of what this window does comes without a line
    qint64 m_seenFailures = 0;              ///< when the list was last looked at
    QTimer m_listTimer;                     ///< others give verdicts of which nobody tells
};

} // namespace throughline
