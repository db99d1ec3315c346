// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/activitywords.h"

#include "ui/formats.h"

#include <QCoreApplication>

namespace throughline::activitywords {

using namespace Qt::StringLiterals;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(ActivityModel)
};

} // namespace

QString time(const QDateTime &at, const QDate &today)
{
    return at.toString(at.date() == today ? u"HH:mm:ss.zzz"_s : u"yyyy-MM-dd HH:mm"_s);
}

QString origin(ActivityOrigin origin)
{
    switch (origin) {
    case ActivityOrigin::Window:
        return Words::tr("This window");
    case ActivityOrigin::Client:
        return Words::tr("Redis client");
    case ActivityOrigin::Gateway:
        return Words::tr("Redis client, by another gateway");
    }
    return {};
}

QString row(const ActivityLine &line)
{
    return QString::fromUtf8(line.label + ':' + line.key.text);
}

QString work(ActivityWork work)
{
    switch (work) {
    case ActivityWork::Write:
        return Words::tr("write");
    case ActivityWork::Add:
        return Words::tr("add");
    case ActivityWork::Delete:
        return Words::tr("delete");
    case ActivityWork::DropFromCache:
        return Words::tr("drop from cache");
    case ActivityWork::CacheOnly:
        return Words::tr("cache only");
    case ActivityWork::Unknown:
        break;
    }
    return Words::tr("unknown");
}

QString result(CellState result)
{
    switch (result) {
    case CellState::Saved:
        return Words::tr("done");
    case CellState::CachePending:
        return Words::tr("cache pending");
    case CellState::Conflict:
        return Words::tr("conflict");
    case CellState::Unknown:
        return Words::tr("unknown");
    default:
        return Words::tr("failed");
    }
}

QString took(const ActivityLine &line)
{
    return line.took ? formats::milliseconds(*line.took) : QString();
}

} // namespace throughline::activitywords
