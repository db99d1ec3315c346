// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/writeplan.h"

#include <QSet>

#include <algorithm>

namespace throughline::writeplan {

Verdict verdictFor(const StoreError &error)
{
    if (error.outcomeUnknown())
        return Verdict::Unknown;
    if (error.kind == ErrorKind::Interrupted)
        return Verdict::Cancelled;
    return error.unavailable() ? Verdict::Unavailable : Verdict::Rejected;
}

bool shouldResend(const StoreError &error, int attempt)
{
    // Class 40: serialization failure, deadlock, re-used key. A lock that is held for long (55P03) is not waited for
    // again and again.
    return error.kind == ErrorKind::Transient && error.code.startsWith(QLatin1StringView("40")) &&
           attempt < statementAttempts;
}

bool isRefusal(const StoreError &error)
{
    return !error.unavailable() && !error.dropConnection() && error.kind != ErrorKind::Transient;
}

std::vector<Edit> takeBatch(std::deque<Edit> &queue, size_t atMost)
{
    std::vector<Edit> batch;
    QSet<QByteArray> keys;
    const auto joins = [&](const Edit &edit) {
        if (batch.empty())
            return true;
        return batch.size() < atMost && batch.front().kind == EditKind::Update && edit.kind == EditKind::Update &&
               !keys.contains(edit.key.text) &&
               std::ranges::equal(edit.changes, batch.front().changes, {}, &FieldChange::field, &FieldChange::field);
    };
    while (!queue.empty() && joins(queue.front())) {
        keys.insert(queue.front().key.text);
        batch.push_back(std::move(queue.front()));
        queue.pop_front();
    }
    return batch;
}

StoreError withColumn(const Mapping &mapping, const Edit &edit, StoreError error)
{
    if (error.unavailable()) // it is not about a value
        return error;
    if (error.column.isEmpty() && !error.constraint.isEmpty()) {
        const auto found = std::ranges::find(mapping.uniques, error.constraint, &UniqueConstraint::name);
        if (found != mapping.uniques.end())
            error.column = found->column;
    }
    if (error.column.isEmpty() && edit.changes.size() == 1)
        error.column = mapping.fields[static_cast<size_t>(edit.changes.front().field)].column.name;
    return error;
}

bool shouldWarm(const Mapping &mapping, PutReply reply)
{
    return reply == PutReply::Absent && mapping.config.warm == WarmPolicy::Always;
}

bool isAcknowledged(PutReply reply)
{
    return reply != PutReply::BadVersion;
}

} // namespace throughline::writeplan
