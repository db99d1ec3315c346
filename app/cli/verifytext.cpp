// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verifytext.h"

#include "cli/outcometext.h"
#include "cli/pairtext.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostLines = 20;

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(VerifyText)
};

bool differs(FieldDifference difference)
{
    return difference != FieldDifference::Same && difference != FieldDifference::OtherSpelling;
}

QString lineOf(const Mapping &mapping, const KeyDifference &difference)
{
    const RowComparison &comparison = difference.comparison;
    QStringList kinds;
    if (comparison.row != RowDifference::Differs)
        kinds << differenceWord(comparison.row);
    if (comparison.versionDiffers)
        kinds << u"version"_s;
    for (size_t i = 0; i < comparison.fields.size(); ++i) {
        if (differs(comparison.fields[i]))
            kinds << mapping.fields[i].column.name + u' ' + differenceWord(comparison.fields[i]);
    }
    return QString::fromUtf8(mapping.hashKey(difference.key)) + "  "_L1 + kinds.join(", "_L1);
}

QJsonObject jsonOf(const Mapping &mapping, const KeyDifference &difference)
{
    const RowComparison &comparison = difference.comparison;
    QJsonObject fields;
    for (size_t i = 0; i < comparison.fields.size(); ++i) {
        if (differs(comparison.fields[i]))
            fields.insert(mapping.fields[i].column.name, differenceWord(comparison.fields[i]));
    }
    return {{u"key"_s, QString::fromUtf8(difference.key.text)},
            {u"hash"_s, QString::fromUtf8(mapping.hashKey(difference.key))},
            {u"state"_s, differenceWord(comparison.row)},
            {u"version_differs"_s, comparison.versionDiffers},
            {u"fields"_s, fields}};
}

QJsonObject jsonOf(const DifferenceCounts &counts)
{
    return {{u"stale"_s, counts.staleFields},
            {u"missing-in-cache"_s, counts.missingFields},
            {u"only-in-cache"_s, counts.fieldsOnlyInCache},
            {u"version"_s, counts.versions},
            {u"wrong-type"_s, counts.wrongTypes},
            {u"orphan"_s, counts.orphans}};
}

QString kindsLine(const DifferenceCounts &counts)
{
    return Tr::tr("stale fields %1, missing fields %2, fields only in the cache %3, versions %4, wrong types %5, "
                  "orphans %6")
        .arg(counts.staleFields)
        .arg(counts.missingFields)
        .arg(counts.fieldsOnlyInCache)
        .arg(counts.versions)
        .arg(counts.wrongTypes)
        .arg(counts.orphans);
}

} // namespace

QStringList verifyLines(const Mapping &mapping, const VerifyReport &report)
{
    QStringList lines{Tr::tr("%1 rows compared in %2 s: %3 keys differ, %4 rows are not cached")
                          .arg(report.rows)
                          .arg(report.elapsedS, 0, 'f', 1)
                          .arg(report.differing)
                          .arg(report.notCached)};
    if (report.differing == 0)
        return lines;
    lines << kindsLine(report.counts);
    const qsizetype shown = std::min<qsizetype>(mostLines, std::ssize(report.named));
    for (qsizetype i = 0; i < shown; ++i)
        lines << lineOf(mapping, report.named[static_cast<size_t>(i)]);
    if (report.differing > shown)
        lines << Tr::tr("and %1 more").arg(report.differing - shown);
    if (report.repaired > 0)
        lines << Tr::tr("%1 of %2 were repaired").arg(report.repaired).arg(report.differing);
    return lines;
}

QJsonObject verifyJson(const Mapping &mapping, const VerifyReport &report)
{
    QJsonArray first;
    for (const KeyDifference &difference : report.named)
        first.append(jsonOf(mapping, difference));
    QJsonObject json{{u"rows"_s, report.rows},
                     {u"not_cached"_s, report.notCached},
                     {u"differing"_s, report.differing},
                     {u"by_kind"_s, jsonOf(report.counts)},
                     {u"first"_s, first},
                     {u"repaired"_s, report.repaired},
                     {u"unsettled"_s, report.unsettled},
                     {u"complete"_s, !report.error},
                     {u"elapsed_s"_s, report.elapsedS}};
    if (report.error)
        json.insert(u"error"_s, report.error->message);
    return json;
}

QStringList verifyAdvice(const VerifyReport &report)
{
    QStringList sentences;
    if (report.error)
        sentences << errorSentence(*report.error)
                  << Tr::tr("The comparison is not complete: what is told above was found until then.");
    if (report.unsettled > 0) {
        sentences << Tr::tr("%1 keys differed at one look and went on changing, so they could not be judged. Run "
                            "\"throughlinectl verify\" again when fewer edits are made.")
                         .arg(report.unsettled);
    }
    if (!report.storesAgree() && report.repaired == 0)
        sentences << Tr::tr("\"throughlinectl verify --repair\" drops what differs from the cache and fills it again.");
    return sentences;
}

} // namespace throughline::cli
