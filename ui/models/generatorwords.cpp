// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/generatorwords.h"

#include "ui/formats.h"

#include <QCoreApplication>
#include <QStringList>

namespace throughline::generatorwords {

using namespace Qt::StringLiterals;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(GeneratorWords)
};

QString verificationOf(const LoadReport &report)
{
    if (!report.settings.verifies)
        return Words::tr("The rows were not verified.");
    if (report.keysTouched == 0)
        return Words::tr("No row was touched.");
    if (report.keysVerified < report.keysTouched)
        return Words::tr("Only %1 of %2 touched rows were verified.")
            .arg(formats::count(report.keysVerified), formats::count(report.keysTouched));
    if (report.keysDiffering > 0)
        return Words::tr("%1 of %2 touched rows differ.")
            .arg(formats::count(report.keysDiffering), formats::count(report.keysVerified));
    const QString same =
        Words::tr("All %1 touched rows are the same in both stores.").arg(formats::count(report.keysVerified));
    return report.keysNotCached == 0
               ? same
               : Words::tr("No touched row differs; %1 of %2 are not cached.")
                     .arg(formats::count(report.keysNotCached), formats::count(report.keysVerified));
}

QString problemsOf(const LoadStats &stats)
{
    QStringList problems;
    const auto add = [&problems](qint64 count, const QString &text) {
        if (count > 0)
            problems << text.arg(formats::count(count));
    };
    add(stats.cachePending, Words::tr("%1 wait for the cache"));
    add(stats.conflicts, Words::tr("%1 met a conflict"));
    add(stats.failed, Words::tr("%1 were refused"));
    add(stats.unknown, Words::tr("the outcome of %1 is unknown"));
    add(stats.unavailable, Words::tr("%1 were not sent because a store was away"));
    add(stats.dropped, Words::tr("%1 were due and not sent"));
    return problems.isEmpty() ? QString() : Words::tr("Of the others %1.").arg(problems.join(u", "_s));
}

} // namespace

QString duration(double seconds)
{
    const qint64 whole = qint64(seconds);
    if (whole < 60)
        return Words::tr("%1 s").arg(whole);
    if (whole < 3600)
        return Words::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    return Words::tr("%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60);
}

QString stateOf(const LoadStats &stats, quint64 seed, bool isPaused)
{
    switch (stats.phase) {
    case LoadPhase::Preparing:
        return Words::tr("Reading the keys of the rows");
    case LoadPhase::Running:
        return (isPaused ? Words::tr("Paused, running for %1, seed %2") : Words::tr("Running for %1, seed %2"))
            .arg(duration(stats.elapsedS))
            .arg(seed);
    case LoadPhase::Finishing:
        return Words::tr("Waiting for the last answers");
    case LoadPhase::Verifying:
        break;
    }
    return Words::tr("Verifying %1 of %2 touched rows")
        .arg(formats::count(stats.keysVerified), formats::count(stats.keysToVerify));
}

QString endOf(const LoadReport &report)
{
    return Words::tr("Ran for %1, seed %2").arg(duration(report.stats.elapsedS)).arg(report.settings.seed);
}

QString resultOf(const LoadReport &report)
{
    QStringList sentences;
    if (report.error)
        sentences << report.error->message;
    sentences << Words::tr("%1 writes are in both stores, %2 per second.")
                     .arg(formats::count(report.stats.committed), formats::count(qRound64(report.stats.perSecond)));
    if (const QString problems = problemsOf(report.stats); !problems.isEmpty())
        sentences << problems;
    sentences << verificationOf(report);
    return sentences.join(u' ');
}

Tone toneOf(const LoadReport &report)
{
    if (report.error || report.keysDiffering > 0 || report.stats.errors() > 0)
        return Tone::Failed;
    const bool isComplete = report.settings.verifies && report.keysVerified >= report.keysTouched &&
                            report.stats.dropped == 0 && report.stats.conflicts == 0;
    return isComplete ? Tone::Saved : Tone::Text;
}

} // namespace throughline::generatorwords
