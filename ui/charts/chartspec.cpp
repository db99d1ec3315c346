// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chartspec.h"

#include "ui/formats.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr double few = 10; ///< counts below it have a decimal

QString tr(const char *text)
{
    return QCoreApplication::translate("charts", text);
}

std::vector<ChartLine> percentiles(Figure first)
{
    const auto figure = [first](int i) { return static_cast<Figure>(int(first) + i); };
    return {{figure(0), tr("p50"), 0}, {figure(1), tr("p95"), 2}, {figure(2), tr("p99"), 3}, {figure(3), tr("max"), 1}};
}

ChartSpec writes()
{
    return {tr("Writes per second"),
            tr("Throughput chart"),
            tr("%1 writes per second, target %2"),
            tr("Rows that were committed in both stores, in the second before each point."),
            false,
            false,
            {{Figure::Done, tr("done"), 0, true, false}, {Figure::Target, tr("target"), 1, false, true}}};
}

ChartSpec latency()
{
    return {tr("Latency, ms"),
            tr("Latency chart"),
            tr("Latency in milliseconds: p50 %1, p95 %2, p99 %3, longest %4"),
            tr("From the moment at which a write was due to its answer from both stores, so that waiting counts."),
            true,
            true,
            percentiles(Figure::Latency50)};
}

ChartSpec staleness()
{
    return {tr("Staleness, ms"),
            tr("Staleness chart"),
            tr("Staleness in milliseconds: p50 %1, p95 %2, p99 %3, longest %4"),
            tr("For how long the cache held the older value: from the commit in PostgreSQL to the answer of Redis."),
            true,
            true,
            percentiles(Figure::Stale50)};
}

ChartSpec errors()
{
    return {tr("Errors per second"),
            tr("Errors chart"),
            tr("%1 errors per second"),
            tr("Writes that were refused, met a conflict, were not sent, or whose outcome is unknown."),
            false,
            false,
            {{Figure::Errors, tr("errors"), 3, true, false}}};
}

ChartSpec outbox()
{
    return {tr("Outbox, rows"),
            tr("Outbox chart"),
            tr("%1 rows in the outbox"),
            tr("Changes that PostgreSQL remembers until they are safe in the cache."),
            false,
            false,
            {{Figure::Outbox, tr("rows"), 2, true, false}}};
}

} // namespace

ChartSpec specOf(ChartKind kind)
{
    switch (kind) {
    case ChartKind::Writes:
        return writes();
    case ChartKind::Latency:
        return latency();
    case ChartKind::Staleness:
        return staleness();
    case ChartKind::Errors:
        return errors();
    case ChartKind::Outbox:
        break;
    }
    return outbox();
}

QString valueText(const ChartSpec &spec, Figure figure, double value)
{
    if (std::isnan(value))
        return figure == Figure::Target ? tr("unlimited") : u"\u2013"_s;
    if (spec.isTime) // above ten seconds nobody needs the milliseconds
        return value < 10'000 ? formats::milliseconds(value)
                              : tr("%1 s").arg(QLocale().toString(value / 1000, 'f', value < 100'000 ? 1 : 0));
    const bool isWhole = std::abs(value - std::round(value)) < 0.05;
    return value >= few || isWhole ? formats::count(qRound64(value)) : QLocale().toString(value, 'f', 1);
}

} // namespace throughline
