// SPDX-License-Identifier: GPL-3.0-or-later
#include "faultrun.h"

#include <QSet>

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace throughline::faults {

namespace {

constexpr qsizetype shownViolations = 40;

}

void Tally::add(const Record &record)
{
    QSet<std::pair<QByteArray, QByteArray>> saved;
    for (const Event &event : record.events) {
        operations +=
            event.kind == EventKind::Invoke || event.kind == EventKind::Read || event.kind == EventKind::Stage;
        if (event.kind == EventKind::Ok || event.kind == EventKind::StagedDone)
            saved.insert({event.key, event.op});
    }
    acknowledged += saved.size();
    undrained = record.after.undrained;
    for (const Violation &violation : check(record))
        violations << QString::fromUtf8(violation.rule) + QLatin1StringView(": ") + violation.sentence;
}

void Tally::add(const Tally &other, const QByteArray &kind)
{
    operations += other.operations;
    acknowledged += other.acknowledged;
    undrained += other.undrained;
    violations << other.violations;
    ++faults[kind];
}

void Tally::print(quint64 seed) const
{
    int total = 0;
    int kinds = 0;
    for (auto kind = faults.cbegin(); kind != faults.cend(); ++kind) {
        std::printf("%6d  %s\n", kind.value(), kind.key().constData());
        total += kind.value();
        kinds += kind.value() > 0;
    }
    for (const QString &sentence : violations.first(std::min(shownViolations, violations.size())))
        std::printf("%s\n", qPrintable(sentence));
    if (violations.size() > shownViolations)
        std::printf("and %lld more\n", static_cast<long long>(violations.size() - shownViolations));
    std::printf("faults: operations=%lld acknowledged_writes=%lld faults=%d kinds=%d violations=%lld undrained=%lld "
                "seed=%llu\n",
                static_cast<long long>(operations), static_cast<long long>(acknowledged), total, kinds,
                static_cast<long long>(violations.size()), static_cast<long long>(undrained),
                static_cast<unsigned long long>(seed));
    std::fflush(stdout);
}

} // namespace throughline::faults
