// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadreporttext.h"

#include "generator/loadtext.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

namespace throughline::loadreporttext {

using namespace Qt::StringLiterals;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(LoadReport)
};

/// The words of --json.
QString wordOf(Verdict verdict)
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
        return u"cancelled"_s;
    }
    return {};
}

QString pathWord(LoadPath path)
{
    return loadtext::wordOf(path, loadtext::pathWords());
}

QString pacingWord(Pacing pacing)
{
    return loadtext::wordOf(pacing, loadtext::pacingWords());
}

QJsonObject jsonOf(const LatencyMs &latency)
{
    return {
        {u"p50_ms"_s, latency.p50}, {u"p95_ms"_s, latency.p95}, {u"p99_ms"_s, latency.p99}, {u"max_ms"_s, latency.max}};
}

QJsonObject jsonOf(const LoadMachine &machine)
{
    return {
        {u"processor"_s, machine.processor}, {u"cores"_s, machine.cores},     {u"memory_bytes"_s, machine.memoryBytes},
        {u"system"_s, machine.system},       {u"program"_s, machine.program}, {u"postgres"_s, machine.postgres},
        {u"redis"_s, machine.redis}};
}

template <class Map, class Name>
QJsonObject countsOf(const Map &counts, Name name)
{
    QJsonObject json;
    for (const auto &[kind, count] : counts)
        json.insert(name(kind), count);
    return json;
}

QString latencyLine(const QString &name, const LatencyMs &ms)
{
    return Words::tr("%1: p50 %2 ms, p95 %3 ms, p99 %4 ms, max %5 ms")
        .arg(name)
        .arg(ms.p50, 0, 'f', 2)
        .arg(ms.p95, 0, 'f', 2)
        .arg(ms.p99, 0, 'f', 2)
        .arg(ms.max, 0, 'f', 2);
}

QString countsLine(const LoadReport &report)
{
    const LoadStats &stats = report.stats;
    return Words::tr(
               "sent %1, committed %2 (%3/s), cache pending %4, conflicts %5, failed %6, unknown %7, not sent %8, "
               "coalesced %9, seed %10")
        .arg(stats.sent)
        .arg(stats.committed)
        .arg(stats.perSecond, 0, 'f', 1)
        .arg(stats.cachePending)
        .arg(stats.conflicts)
        .arg(stats.failed)
        .arg(stats.unknown)
        .arg(stats.unavailable)
        .arg(stats.coalesced)
        .arg(report.settings.seed);
}

QString paceLine(const LoadReport &report)
{
    const LoadStats &stats = report.stats;
    return Words::tr("%1, rate %2: %3/s sent, %4 late (over 1 ms), %5 dropped (due and never sent), %6 reads, %7 s")
        .arg(mannerOf(report.settings), loadprofile::rateText(report.settings))
        .arg(report.sentPerSecond(), 0, 'f', 1)
        .arg(stats.late)
        .arg(stats.dropped)
        .arg(stats.reads)
        .arg(stats.elapsedS, 0, 'f', 2);
}

/// Without them the rate that was sent would look like a rate that was missed.
QString rateChangeLine(const LoadReport &report)
{
    QStringList parts;
    for (const auto &[at, rate] : report.rateChanges) {
        LoadSettings changed;
        changed.rate = rate;
        parts << Words::tr("%1 at %2 s").arg(loadprofile::rateText(changed)).arg(at, 0, 'f', 1);
    }
    return parts.isEmpty() ? QString() : Words::tr("the rate was changed: %1").arg(parts.join(u", "_s)) + u'\n';
}

QString errorLines(const LoadReport &report)
{
    QStringList parts;
    for (const auto &[name, count] : report.errors)
        parts << u"%1 %2"_s.arg(name).arg(count);
    return parts.isEmpty() ? QString() : Words::tr("errors by kind: %1").arg(parts.join(u", "_s)) + u'\n';
}

QString verificationLine(const LoadReport &report)
{
    if (!report.settings.verifies)
        return Words::tr("not verified, as was asked: %1 touched rows").arg(report.keysTouched);
    return Words::tr("verified %1 of %2 touched rows in both stores: %3 differ, %4 are not cached")
        .arg(report.keysVerified)
        .arg(report.keysTouched)
        .arg(report.keysDiffering)
        .arg(report.keysNotCached);
}

QString machineLine(const LoadMachine &machine)
{
    return Words::tr("%1, %2 cores, %3 GB; %4; %5; PostgreSQL %6, Redis %7")
        .arg(machine.processor)
        .arg(machine.cores)
        .arg(static_cast<double>(machine.memoryBytes) / 1e9, 0, 'f', 1)
        .arg(machine.system, machine.program, machine.postgres, machine.redis);
}

} // namespace

QString mannerOf(const LoadSettings &settings)
{
    return pathWord(settings.path) + u", "_s + pacingWord(settings.pacing);
}

QJsonObject jsonOf(const LoadStats &stats)
{
    return {{u"sent"_s, stats.sent},
            {u"committed"_s, stats.committed},
            {u"cache_pending"_s, stats.cachePending},
            {u"conflicts"_s, stats.conflicts},
            {u"unknown"_s, stats.unknown},
            {u"unavailable"_s, stats.unavailable},
            {u"failed"_s, stats.failed},
            {u"reads"_s, stats.reads},
            {u"coalesced"_s, stats.coalesced},
            {u"late"_s, stats.late},
            {u"behind"_s, stats.backlog}, // its earlier name
            {u"backlog"_s, stats.backlog},
            {u"dropped"_s, stats.dropped},
            {u"target_per_second"_s, stats.targetPerSecond},
            {u"per_second"_s, stats.perSecond},
            {u"elapsed_s"_s, stats.elapsedS}};
}

QJsonObject jsonOf(const LoadReport &report)
{
    QJsonObject json = jsonOf(report.stats);
    QJsonObject others = countsOf(report.verdicts, [](Verdict verdict) { return wordOf(verdict); });
    others.remove(wordOf(Verdict::Committed));
    json.insert(u"result"_s, true);
    json.insert(u"path"_s, pathWord(report.settings.path));
    json.insert(u"pacing"_s, pacingWord(report.settings.pacing));
    json.insert(u"by_kind"_s, others);
    json.insert(u"errors"_s, countsOf(report.errors, [](const QString &name) { return name; }));
    json.insert(u"from_intended_start"_s, jsonOf(report.fromIntendedStart));
    json.insert(u"service"_s, jsonOf(report.service));
    json.insert(u"staleness"_s, jsonOf(report.staleness));
    json.insert(u"seed"_s, QString::number(report.settings.seed));
    json.insert(u"settings"_s, loadprofile::toText(report.settings));
    json.insert(u"machine"_s, jsonOf(report.machine));
    json.insert(u"started_at"_s, report.startedAt.toString(Qt::ISODateWithMs));
    json.insert(u"verified"_s, report.settings.verifies && !report.error && report.keysVerified == report.keysTouched);
    json.insert(u"keys_touched"_s, report.keysTouched);
    json.insert(u"keys_verified"_s, report.keysVerified);
    json.insert(u"keys_differing"_s, report.keysDiffering);
    json.insert(u"keys_not_cached"_s, report.keysNotCached);
    json.insert(u"sending_s"_s, report.sendingS);
    json.insert(u"sent_per_second"_s, report.sentPerSecond());
    QJsonArray changes;
    for (const auto &[at, rate] : report.rateChanges)
        changes.append(QJsonObject{{u"at_s"_s, at}, {u"rate"_s, rate}});
    json.insert(u"rate_changes"_s, changes);
    if (report.stopMs)
        json.insert(u"stop_ms"_s, *report.stopMs);
    if (report.error)
        json.insert(u"error"_s, report.error->message);
    return json;
}

QString textOf(const LoadReport &report)
{
    QString text = countsLine(report) + u'\n' + paceLine(report) + u'\n';
    text += latencyLine(Words::tr("latency from the intended start"), report.fromIntendedStart) + u'\n';
    text += latencyLine(Words::tr("service time"), report.service) + u'\n';
    if (report.settings.path == LoadPath::Direct)
        text += latencyLine(Words::tr("staleness, from PostgreSQL's answer to Redis'"), report.staleness) + u'\n';
    text += rateChangeLine(report) + errorLines(report) + verificationLine(report) + u'\n';
    if (report.error)
        text += Words::tr("ended early: %1").arg(report.error->message) + u'\n';
    return text;
}

Result<void> save(const LoadReport &report, const QString &fileName)
{
    QSaveFile file(fileName);
    const QString text = textOf(report) + u'\n' + machineLine(report.machine) + u'\n' +
                         Words::tr("started %1").arg(report.startedAt.toString(Qt::ISODate)) + u"\n\n"_s +
                         loadprofile::toText(report.settings);
    const QByteArray bytes =
        fileName.endsWith(".json"_L1, Qt::CaseInsensitive) ? QJsonDocument(jsonOf(report)).toJson() : text.toUtf8();
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return loadtext::mistake(Words::tr("%1 cannot be written: %2.").arg(fileName, file.errorString()));
    return {};
}

} // namespace throughline::loadreporttext
