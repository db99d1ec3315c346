// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/activityline.h"

#include <QCoreApplication>

namespace throughline {

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(ActivityLine)
};

ActivityWork workOf(StagedOp op)
{
    switch (op) {
    case StagedOp::Upsert:
        return ActivityWork::Write;
    case StagedOp::Delete:
        return ActivityWork::Delete;
    case StagedOp::DropFromCache:
        return ActivityWork::DropFromCache;
    case StagedOp::CacheOnly:
        return ActivityWork::CacheOnly;
    case StagedOp::Unknown:
        break;
    }
    return ActivityWork::Unknown;
}

ActivityWork workOf(EditKind kind)
{
    switch (kind) {
    case EditKind::Update:
        return ActivityWork::Write;
    case EditKind::Insert:
        return ActivityWork::Add;
    case EditKind::Delete:
        return ActivityWork::Delete;
    }
    return ActivityWork::Unknown;
}

/// The sentence without the word for programs before it.
QString sentenceOf(const QString &failure)
{
    const QString word = nameOf(refusalOf(failure)) + QStringLiteral(": ");
    return failure.startsWith(word) ? failure.mid(word.size()) : failure;
}

QString reasonOf(const Outcome &outcome)
{
    if (outcome.error)
        return outcome.error->message;
    if (outcome.verdict == Verdict::Conflict)
        return outcome.row ? Words::tr("Someone changed the row meanwhile.")
                           : Words::tr("Someone deleted the row meanwhile.");
    return {};
}

} // namespace

ActivityLine activityLine(const StagedEvent &event)
{
    return {event.id,
            event.at,
            ActivityOrigin::Client,
            event.label,
            event.key,
            workOf(event.op),
            event.done ? CellState::Saved : CellState::Failed,
            sentenceOf(event.failure),
            event.took};
}

ActivityLine activityLine(const StagedRecord &record)
{
    return {record.id,
            record.at,
            ActivityOrigin::Gateway,
            record.label,
            record.key,
            workOf(record.op),
            record.done ? CellState::Saved : CellState::Failed,
            sentenceOf(record.failure),
            std::nullopt};
}

std::optional<ActivityLine> activityLine(const Outcome &outcome, const QByteArray &label)
{
    if (outcome.verdict == Verdict::Cancelled)
        return std::nullopt;
    return ActivityLine{outcome.op,
                        QDateTime::currentDateTimeUtc(),
                        ActivityOrigin::Window,
                        label,
                        outcome.key,
                        workOf(outcome.kind),
                        stateAfter(outcome.verdict),
                        reasonOf(outcome),
                        outcome.timings.total()};
}

} // namespace throughline
