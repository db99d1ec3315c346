// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/gatewayfigures.h"

#include <QCoreApplication>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(GatewayFigures)
};

double inMs(nanoseconds time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

QString stagedPart(const StagedReport &report)
{
    return Tr::tr("staged writes: %1 taken, %2 done, %3 failed, %4 wait")
        .arg(report.taken)
        .arg(report.done)
        .arg(report.failures())
        .arg(report.waiting);
}

QJsonObject jsonOf(const StagedLatency &latency)
{
    return {{u"count"_s, latency.count},   {u"p50"_s, inMs(latency.p50)},         {u"p95"_s, inMs(latency.p95)},
            {u"p99"_s, inMs(latency.p99)}, {u"longest"_s, inMs(latency.longest)}, {u"sum"_s, inMs(latency.sum)}};
}

QJsonObject jsonOf(const StagedReport &report)
{
    QJsonObject reasons;
    for (int i = 1; i < stagedRefusals; ++i) {
        if (const qint64 count = report.failed[static_cast<size_t>(i)]; count > 0)
            reasons.insert(nameOf(static_cast<StagedRefusal>(i)), count);
    }
    QJsonObject json{{u"taken"_s, report.taken},
                     {u"done"_s, report.done},
                     {u"failed"_s, report.failures()},
                     {u"failed_by_reason"_s, reasons},
                     {u"waiting"_s, report.waiting},
                     {u"scanning"_s, report.scanning},
                     {u"latency_ms"_s, jsonOf(report.latency)}};
    if (report.error)
        json.insert(u"error"_s, report.error->message);
    return json;
}

} // namespace

QString figuresLine(const GatewayFigures &figures)
{
    const UpkeepReport &upkeep = figures.upkeep;
    QStringList parts{Tr::tr("taken over %1 rows, pushed %2 keys, confirmed %3 rows, %4 rows wait")
                          .arg(upkeep.claimedRows)
                          .arg(upkeep.pushedKeys)
                          .arg(upkeep.confirmedRows)
                          .arg(upkeep.waiting.rows)};
    if (figures.staged.taken > 0 || figures.staged.waiting > 0)
        parts << stagedPart(figures.staged);
    if (upkeep.recovering)
        parts << Tr::tr("the cache is being recovered");
    return parts.join("; "_L1);
}

QJsonObject figuresJson(const GatewayFigures &figures)
{
    const UpkeepReport &upkeep = figures.upkeep;
    QJsonObject json{{u"claimed_rows"_s, upkeep.claimedRows},     {u"pushed_keys"_s, upkeep.pushedKeys},
                     {u"confirmed_rows"_s, upkeep.confirmedRows}, {u"tables_dropped"_s, upkeep.tablesDropped},
                     {u"waiting_rows"_s, upkeep.waiting.rows},    {u"oldest_s"_s, upkeep.waiting.oldestS},
                     {u"recovering"_s, upkeep.recovering},        {u"staged"_s, jsonOf(figures.staged)}};
    if (upkeep.error)
        json.insert(u"error"_s, upkeep.error->message);
    return json;
}

} // namespace throughline::cli
