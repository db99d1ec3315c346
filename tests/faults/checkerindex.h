// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "checker.h"

#include <QSet>

#include <utility>

namespace throughline::faults {

/// Which write: the value is unique; a delete writes none and is known by its operation.
using WriteName = std::pair<QByteArray, QByteArray>; // key, value or operation

[[nodiscard]] inline WriteName nameOf(const AuditRow &row)
{
    return {row.key, row.deleted ? row.op : row.value};
}

[[nodiscard]] inline WriteName nameOf(const Event &event)
{
    return {event.key, event.value.isEmpty() ? event.op : event.value};
}

/// The id behind the operation of a staged write.
[[nodiscard]] inline QByteArray uuidOf(const Event &event)
{
    return event.op.mid(1);
}

/// What one transaction has done to one row.
using ChangeName = std::pair<QByteArray, QByteArray>; // key, transaction

/// The times during which legacy readers may see an older row: from a kill of Redis to the end of the recovery.
class Outages final
{
public:
    explicit Outages(const std::vector<Event> &events);

    [[nodiscard]] bool overlaps(qint64 from, qint64 to) const;

private:
    std::vector<std::pair<qint64, qint64>> m_spans;
};

[[nodiscard]] inline bool isLegacy(const Event &event)
{
    return event.process.startsWith("legacy");
}

/// "12.345 s" since the first event of the record.
[[nodiscard]] QString moment(const Record &record, qint64 at);
[[nodiscard]] QString users(const QByteArray &key);

} // namespace throughline::faults
