// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/activityring.h"

#include <QAbstractTableModel>

namespace throughline {

/// The newest writes with their verdicts, the newest first, of a bounded number; failures have a bound of their own, so
/// that much that went well does not push them out. Tells its view once per batch. Lives on the UI thread.
class ActivityModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { TimeColumn, OriginColumn, RowColumn, WorkColumn, ResultColumn, ReasonColumn, TookColumn, columns };
    /// int(CellState) of the line: its sign and its ink.
    static constexpr int ResultRole = Qt::UserRole;

    explicit ActivityModel(QObject *parent = nullptr, int mostLines = 10'000, int mostFailures = 1'000);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] const ActivityLine &line(int row) const { return shown().at(row); }
    /// The line as tab-separated text.
    [[nodiscard]] QString textOf(int row) const;

    /// What has just happened. The same write again takes its line's place when more is known of it now.
    void add(const std::vector<ActivityLine> &lines);
    /// What happened elsewhere: lines that are new go to their places by time.
    void merge(std::vector<ActivityLine> lines);
    /// So many more have happened of which there is no line.
    void skip(qint64 lines);
    void setOnlyFailures(bool only);
    [[nodiscard]] bool onlyFailures() const noexcept { return m_onlyFailures; }
    [[nodiscard]] int failures() const noexcept { return m_failures.size(); }
    /// Of all writes that happened, those whose lines are not here, or not here any more.
    [[nodiscard]] qint64 missing() const noexcept { return m_missing; }

Q_SIGNALS:
    /// failures() or missing().
    void countsChanged();

private:
    [[nodiscard]] const ActivityRing &shown() const noexcept { return m_onlyFailures ? m_failures : m_all; }
    [[nodiscard]] bool isShown(const ActivityRing &ring) const noexcept { return &ring == &shown(); }
    [[nodiscard]] bool update(ActivityRing &ring, const ActivityLine &line);
    void prepend(ActivityRing &ring, std::vector<ActivityLine> newestFirst);
    void mergeInto(ActivityRing &ring, const std::vector<ActivityLine> &newestFirst);
    void insert(ActivityRing &ring, int row, const std::vector<ActivityLine> &lines);
    void erase(ActivityRing &ring, int row, int count);
    int trim(ActivityRing &ring);

    ActivityRing m_all;
    ActivityRing m_failures;
    qint64 m_missing = 0;
    bool m_onlyFailures = false;
};

} // namespace throughline
