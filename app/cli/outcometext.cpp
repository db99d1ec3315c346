// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/outcometext.h"

#include <QCoreApplication>
#include <QJsonValue>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(OutcomeText)
};

double milliSeconds(nanoseconds time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

QString reasonOf(const Outcome &outcome)
{
    return outcome.error ? errorSentence(*outcome.error) : QString();
}

} // namespace

QString verdictWord(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Committed:
        return u"committed"_s;
    case Verdict::CommittedCachePending:
        return u"committed-cache-pending"_s;
    case Verdict::Conflict:
        return u"conflict"_s;
    case Verdict::Rejected:
        return u"rejected"_s;
    case Verdict::Unavailable:
        return u"unavailable"_s;
    case Verdict::Unknown:
        return u"unknown"_s;
    case Verdict::Cancelled:
        break;
    }
    return u"cancelled"_s;
}

QString errorSentence(const StoreError &error)
{
    if (error.column.isEmpty() || error.message.contains(error.column))
        return error.message;
    return error.column + ": "_L1 + error.message;
}

QString outcomeSentence(const Mapping &mapping, const Outcome &outcome)
{
    const QString what = QString::fromUtf8(mapping.hashKey(outcome.key));
    switch (outcome.verdict) {
    case Verdict::Committed:
        return Tr::tr("%1 is saved in both stores (%2 ms).")
            .arg(what)
            .arg(milliSeconds(outcome.timings.total()), 0, 'f', 1);
    case Verdict::CommittedCachePending:
        return Tr::tr("%1 is saved in PostgreSQL; the cache follows. %2").arg(what, reasonOf(outcome));
    case Verdict::Conflict:
        if (outcome.error)
            return Tr::tr("%1 was changed or deleted by someone else meanwhile, and cannot be read now. Nothing was "
                          "written. %2")
                .arg(what, reasonOf(outcome));
        return outcome.row ? Tr::tr("%1 was changed by someone else meanwhile. Nothing was written.").arg(what)
                           : Tr::tr("%1 was deleted by someone else meanwhile. Nothing was written.").arg(what);
    case Verdict::Rejected:
        return Tr::tr("Not saved. %1 Neither store was changed.").arg(reasonOf(outcome));
    case Verdict::Unavailable:
        return Tr::tr("Not saved. %1 Nothing was sent.").arg(reasonOf(outcome));
    case Verdict::Unknown:
        return Tr::tr("The outcome for %1 is unknown. %2 The change may have been committed: read the row again.")
            .arg(what, reasonOf(outcome));
    case Verdict::Cancelled:
        break;
    }
    return Tr::tr("Cancelled before anything was sent.");
}

QJsonObject outcomeJson(const Mapping &mapping, const Outcome &outcome)
{
    QJsonObject json{{u"verdict"_s, verdictWord(outcome.verdict)},
                     {u"key"_s, QString::fromUtf8(outcome.key.text)},
                     {u"hash"_s, QString::fromUtf8(mapping.hashKey(outcome.key))},
                     {u"op"_s, outcome.op.uuid.toString(QUuid::WithoutBraces)},
                     {u"queued_ms"_s, milliSeconds(outcome.timings.queued)},
                     {u"postgres_ms"_s, milliSeconds(outcome.timings.postgres)},
                     {u"redis_ms"_s, milliSeconds(outcome.timings.redis)}};
    if (outcome.row)
        json.insert(u"version"_s, outcome.row->version.number);
    if (outcome.error) {
        json.insert(u"error"_s, outcome.error->message);
        json.insert(u"code"_s, outcome.error->code);
        if (!outcome.error->column.isEmpty())
            json.insert(u"column"_s, outcome.error->column);
    }
    return json;
}

} // namespace throughline::cli
