// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/activitymodel.h"

#include "ui/models/activitywords.h"
#include "ui/valuedrawing.h"

#include <algorithm>
#include <functional>
#include <iterator>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

std::vector<ActivityLine> failuresOf(const std::vector<ActivityLine> &lines)
{
    std::vector<ActivityLine> failures;
    std::ranges::copy_if(lines, std::back_inserter(failures), &ActivityLine::isFailure);
    return failures;
}

/// Whether `line` is the same write as `known`, with more to say.
bool saysMore(const ActivityLine &known, const ActivityLine &line)
{
    return known.origin == ActivityOrigin::Gateway ||
           (known.origin == ActivityOrigin::Window && line.origin == ActivityOrigin::Window);
}

} // namespace

ActivityModel::ActivityModel(QObject *parent, int mostLines, int mostFailures)
    : QAbstractTableModel(parent)
    , m_all(mostLines)
    , m_failures(mostFailures)
{
}

int ActivityModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : shown().size();
}

int ActivityModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns;
}

QVariant ActivityModel::data(const QModelIndex &index, int role) const
{
    const ActivityLine &one = line(index.row());
    if (role == ResultRole)
        return static_cast<int>(one.result);
    if (role == Qt::TextAlignmentRole && index.column() == TookColumn)
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    const bool mayElide = index.column() <= RowColumn || index.column() == ReasonColumn;
    if (role != Qt::DisplayRole && !(role == Qt::ToolTipRole && mayElide))
        return {};
    switch (index.column()) {
    case TimeColumn:
        return role == Qt::ToolTipRole ? one.at.toString(Qt::ISODateWithMs)
                                       : activitywords::time(one.at, QDateTime::currentDateTimeUtc().date());
    case OriginColumn:
        return activitywords::origin(one.origin);
    case RowColumn:
        return activitywords::row(one);
    case WorkColumn:
        return activitywords::work(one.work);
    case ResultColumn:
        return activitywords::result(one.result);
    case ReasonColumn:
        return one.reason;
    case TookColumn:
        return activitywords::took(one);
    default:
        return {};
    }
}

QVariant ActivityModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section == TookColumn)
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == TookColumn)
        return tr("Milliseconds from noticing the write to its answer.");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TimeColumn:
        return tr("time");
    case OriginColumn:
        return tr("from");
    case RowColumn:
        return tr("row");
    case WorkColumn:
        return tr("operation");
    case ResultColumn:
        return tr("outcome");
    case ReasonColumn:
        return tr("reason");
    case TookColumn:
        return tr("ms");
    default:
        return {};
    }
}

QString ActivityModel::textOf(int row) const
{
    const ActivityLine &one = line(row);
    QStringList cells{one.at.toString(Qt::ISODateWithMs),
                      activitywords::origin(one.origin),
                      activitywords::row(one),
                      activitywords::work(one.work),
                      activitywords::result(one.result),
                      one.reason,
                      activitywords::took(one)};
    for (QString &cell : cells)
        cell = drawing::singleLine(std::move(cell));
    return cells.join(u'\t');
}

void ActivityModel::add(const std::vector<ActivityLine> &lines)
{
    std::vector<ActivityLine> fresh;
    for (const ActivityLine &one : lines) {
        const bool known = update(m_all, one);
        if (!update(m_failures, one) && known && one.isFailure())
            prepend(m_failures, {one});
        if (!known)
            fresh.push_back(one);
    }
    std::ranges::reverse(fresh);
    std::ranges::stable_sort(fresh, std::ranges::greater(), &ActivityLine::at); // several threads have gathered them
    prepend(m_failures, failuresOf(fresh));
    prepend(m_all, std::move(fresh));
    Q_EMIT countsChanged();
}

/// True when the ring had a line of this write to which this one gave more.
bool ActivityModel::update(ActivityRing &ring, const ActivityLine &one)
{
    const auto row = ring.rowOf(one.id);
    if (!row || !saysMore(ring.at(*row), one))
        return false;
    if (&ring == &m_failures && !one.isFailure()) {
        erase(ring, *row, 1);
        return true;
    }
    ActivityLine updated = one;
    updated.at = ring.at(*row).at; // the lines stay in order
    ring.replace(*row, updated);
    if (isShown(ring))
        Q_EMIT dataChanged(index(*row, 0), index(*row, columns - 1));
    return true;
}

void ActivityModel::prepend(ActivityRing &ring, std::vector<ActivityLine> newestFirst)
{
    if (const auto most = static_cast<size_t>(ring.most()); newestFirst.size() > most) {
        if (&ring == &m_all)
            m_missing += std::ssize(newestFirst) - ring.most();
        newestFirst.resize(most);
    }
    insert(ring, 0, newestFirst);
    const int gone = trim(ring);
    if (&ring == &m_all)
        m_missing += gone;
}

void ActivityModel::merge(std::vector<ActivityLine> lines)
{
    std::ranges::sort(lines, [](const ActivityLine &a, const ActivityLine &b) {
        return a.at != b.at ? a.at > b.at : b.id < a.id; // the same one twice comes together
    });
    const auto twice = std::ranges::unique(lines, {}, &ActivityLine::id);
    lines.erase(twice.begin(), twice.end());
    mergeInto(m_failures, failuresOf(lines));
    mergeInto(m_all, lines);
    Q_EMIT countsChanged();
}

void ActivityModel::mergeInto(ActivityRing &ring, const std::vector<ActivityLine> &newestFirst)
{
    std::vector<ActivityLine> run; // neighbours, told of together
    int place = 0;
    const auto flush = [&] {
        insert(ring, place, run);
        place += static_cast<int>(run.size());
        run.clear();
    };
    for (const ActivityLine &one : newestFirst) {
        if (ring.contains(one.id) || !ring.hasRoomFor(one.at))
            continue;
        if (const int next = ring.placeFor(one.at, place); next != place) {
            const int moved = next + static_cast<int>(run.size());
            flush();
            place = moved;
        }
        run.push_back(one);
    }
    flush();
    trim(ring);
}

void ActivityModel::skip(qint64 lines)
{
    if (lines <= 0)
        return;
    m_missing += lines;
    Q_EMIT countsChanged();
}

void ActivityModel::setOnlyFailures(bool only)
{
    if (only == m_onlyFailures)
        return;
    beginResetModel();
    m_onlyFailures = only;
    endResetModel();
}

void ActivityModel::insert(ActivityRing &ring, int row, const std::vector<ActivityLine> &lines)
{
    if (lines.empty())
        return;
    const bool tells = isShown(ring);
    if (tells)
        beginInsertRows({}, row, row + static_cast<int>(lines.size()) - 1);
    ring.insert(row, lines);
    if (tells)
        endInsertRows();
}

void ActivityModel::erase(ActivityRing &ring, int row, int count)
{
    const bool tells = isShown(ring);
    if (tells)
        beginRemoveRows({}, row, row + count - 1);
    ring.erase(row, count);
    if (tells)
        endRemoveRows();
}

/// How many old lines went.
int ActivityModel::trim(ActivityRing &ring)
{
    const int excess = ring.excess();
    if (excess > 0)
        erase(ring, ring.size() - excess, excess);
    return excess;
}

} // namespace throughline
