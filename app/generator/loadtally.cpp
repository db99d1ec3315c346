// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadtally.h"

namespace throughline {

using namespace Qt::StringLiterals;

QString errorName(const StoreError &error)
{
    if (!error.code.isEmpty())
        return error.code;
    static constexpr std::array names{"unreachable",    "authentication", "connection_lost",  "timeout",
                                      "interrupted",    "invalid_value",  "null_not_allowed", "duplicate",
                                      "referenced",     "permission",     "transient",        "out_of_memory",
                                      "script_missing", "misconfigured",  "protocol",         "other"};
    return QLatin1StringView(names[static_cast<size_t>(error.kind)]);
}

qint64 LoadTally::errorCount() const noexcept
{
    return count(Verdict::Conflict) + count(Verdict::Rejected) + count(Verdict::Unavailable) + count(Verdict::Unknown) +
           count(Verdict::Cancelled) + failedReads;
}

void LoadTally::take(Verdict verdict, const std::optional<StoreError> &error)
{
    ++verdicts[static_cast<size_t>(verdict)];
    if (error)
        takeError(*error);
}

void LoadTally::takeError(const StoreError &error)
{
    ++errors[errorName(error)];
    lastError = error;
}

void LoadTally::merge(const LoadTally &other)
{
    sent += other.sent;
    reads += other.reads;
    failedReads += other.failedReads;
    coalesced += other.coalesced;
    late += other.late;
    for (size_t i = 0; i < verdicts.size(); ++i)
        verdicts[i] += other.verdicts[i];
    for (const auto &[name, number] : other.errors)
        errors[name] += number;
    if (other.lastError)
        lastError = other.lastError;
    intended.merge(other.intended);
    service.merge(other.service);
    staleness.merge(other.staleness);
}

void LoadTally::clear()
{
    *this = LoadTally();
}

} // namespace throughline
