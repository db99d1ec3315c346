// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkerindex.h"

#include <algorithm>
#include <limits>

namespace throughline::faults {

using namespace Qt::StringLiterals;

Outages::Outages(const std::vector<Event> &events)
{
    bool open = false;
    for (const Event &event : events) {
        if (event.kind == EventKind::Restart && !open) {
            m_spans.emplace_back(event.at, std::numeric_limits<qint64>::max());
            open = true;
        } else if (event.kind == EventKind::Recovered && open) {
            m_spans.back().second = event.at;
            open = false;
        }
    }
}

bool Outages::overlaps(qint64 from, qint64 to) const
{
    // The first span that ends at or after `from` decides: they are in order and apart.
    const auto span = std::ranges::lower_bound(m_spans, from, {}, &std::pair<qint64, qint64>::second);
    return span != m_spans.end() && span->first <= to;
}

QString moment(const Record &record, qint64 at)
{
    const qint64 start = record.events.empty() ? 0 : record.events.front().at;
    return QString::number(static_cast<double>(at - start) / 1e9, 'f', 3) + " s"_L1;
}

QString users(const QByteArray &key)
{
    return "users:"_L1 + QString::fromUtf8(key);
}

Violations check(const Record &record)
{
    Violations all;
    for (const auto rule :
         {&checkReadsAreCommitted, &checkVersionsRise, &checkAcknowledged, &checkAtRest, &checkAnswers, &checkStaged}) {
        Violations found = rule(record);
        std::ranges::move(found, std::back_inserter(all));
    }
    return all;
}

} // namespace throughline::faults
