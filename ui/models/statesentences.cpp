// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/statesentences.h"

#include "ui/models/editstates.h"

#include <algorithm>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

QString inMilliseconds(nanoseconds time)
{
    return QString::number(std::chrono::duration<double, std::milli>(time).count(), 'f', 1);
}

QString inTenths(nanoseconds time)
{
    return QString::number(std::chrono::duration<double>(time).count(), 'f', 1);
}

} // namespace

QString StateSentences::bullets()
{
    return QString(8, u'•');
}

QString StateSentences::named(const Value &value, bool secret)
{
    constexpr int longest = 80;
    if (!value)
        return tr("NULL");
    if (secret)
        return bullets();
    const QString text = QString::fromUtf8(*value);
    return text.size() <= longest ? text : text.first(longest) + u'…';
}

QString StateSentences::ofNote(const CellRemark &note, Instant now)
{
    const nanoseconds past = std::max(now - note.since, nanoseconds(0));
    switch (note.state) {
    case CellState::Pending:
        return tr("Writing... (%1 s)").arg(inTenths(past));
    case CellState::Saved: {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(past).count();
        return tr("Saved in both stores %1 s ago, %2 ms").arg(seconds).arg(inMilliseconds(note.took));
    }
    case CellState::CachePending:
        return tr("Saved in PostgreSQL. The cache follows (waiting %1 s).").arg(inTenths(past));
    default:
        return note.sentence;
    }
}

QString StateSentences::ofOutcome(const Outcome &outcome, const QString &yours)
{
    switch (outcome.verdict) {
    case Verdict::Conflict:
        if (outcome.error)
            return tr("Conflict: changed or deleted by someone else; the row cannot be read now. Yours: %1. "
                      "Nothing of yours was written.")
                .arg(yours);
        if (!outcome.row)
            return tr("Conflict: deleted by someone else while you were editing. Yours: %1. "
                      "Nothing of yours was written.")
                .arg(yours);
        return tr("Conflict: changed by someone else while you were editing. Yours: %1. "
                  "Nothing of yours was written.")
            .arg(yours);
    case Verdict::Rejected:
        return tr("Not saved: %1 Neither store was changed. Your text is kept.")
            .arg(outcome.error ? outcome.error->message : tr("PostgreSQL refused the value."));
    case Verdict::Unavailable:
        return tr("Not saved: PostgreSQL could not be reached, nothing was sent. Your text is kept.");
    case Verdict::Unknown:
        if (outcome.late)
            return tr("Outcome unknown: nobody can tell any more whether your edit was written. Look at the row, then "
                      "write your text again or discard it. Your text is kept.");
        return tr("Outcome unknown: the connection broke during commit. Being settled by re-reading; "
                  "nothing is repeated blindly. Your text is kept.");
    case Verdict::Cancelled:
        return tr("Not saved: cancelled before anything was sent. Your text is kept.");
    case Verdict::Committed:
    case Verdict::CommittedCachePending:
        break;
    }
    return {};
}

QString StateSentences::notSentAfter(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Unknown:
        return tr("Not sent: the outcome of your edit before it in this row is unknown. Your text is kept.");
    case Verdict::Cancelled:
        return tr("Not saved: cancelled before anything was sent. Your text is kept.");
    default:
        return tr("Not sent: your edit before it in this row was not saved. Your text is kept.");
    }
}

QString StateSentences::ofDifference(FieldDifference difference, const QString &table, const QString &cache)
{
    const bool words = !table.isEmpty() || !cache.isEmpty();
    switch (difference) {
    case FieldDifference::OtherSpelling:
        return words ? tr("Same value, other spelling: %1 and %2").arg(cache, table) : tr("Same value, other spelling");
    case FieldDifference::Stale:
        return words ? tr("The cache holds %1, the table %2.").arg(cache, table)
                     : tr("The cache holds another value than the table.");
    case FieldDifference::MissingInCache:
        return tr("Not in the hash");
    case FieldDifference::OnlyInCache:
        return words ? tr("The cache holds %1, the table NULL.").arg(cache)
                     : tr("The cache holds a value, the table NULL.");
    case FieldDifference::Same:
        break;
    }
    return {};
}

QString StateSentences::ofRow(RowDifference difference, bool versionDiffers)
{
    switch (difference) {
    case RowDifference::NotCached:
        return tr("Not cached");
    case RowDifference::Orphan:
        return tr("In the cache only: no such row");
    case RowDifference::WrongType:
        return tr("The key in the cache holds something that is not a hash.");
    default:
        return versionDiffers ? tr("The cache holds another version of the row than the table.") : QString();
    }
}

} // namespace throughline
