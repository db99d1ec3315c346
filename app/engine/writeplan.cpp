// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/writeplan.h"

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

bool shouldWarm(const Mapping &mapping, EditKind kind, PutReply reply)
{
    return kind != EditKind::Delete && reply == PutReply::Absent && mapping.config.warm == WarmPolicy::Always;
}

bool isAcknowledged(PutReply reply)
{
    return reply != PutReply::BadVersion;
}

} // namespace throughline::writeplan
