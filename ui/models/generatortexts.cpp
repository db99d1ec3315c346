// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/generatortexts.h"

#include "generator/loadprofile.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace throughline::generatortexts {

using namespace Qt::StringLiterals;

namespace {

constexpr double firstRate = 10;

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(GeneratorTexts)
};

using Taken = tl::expected<void, FieldFault>;

/// Messages of the profile are parts of sentences, which name file and line before them.
Taken fault(GeneratorField field, QString sentence)
{
    if (!sentence.isEmpty())
        sentence[0] = sentence.at(0).toUpper();
    return tl::unexpected(FieldFault{field, sentence});
}

template <class T>
Taken put(GeneratorField field, const Result<T> &parsed, T &into)
{
    if (!parsed)
        return fault(field, parsed.error().message);
    into = *parsed;
    return {};
}

Taken takeWhole(GeneratorField field, const QString &text, int most, int &into)
{
    bool isNumber = false;
    const int number = text.trimmed().toInt(&isNumber);
    if (!isNumber || number < 1 || number > most)
        return fault(field, (field == GeneratorField::Batch ? Words::tr("A batch has 1 to %1 writes.")
                                                            : Words::tr("A run has 1 to %1 connections."))
                                .arg(most));
    into = number;
    return {};
}

Taken takeSeed(const QString &text, quint64 randomSeed, LoadSettings &settings)
{
    settings.seed = randomSeed;
    if (text.trimmed().isEmpty())
        return {};
    bool isNumber = false;
    settings.seed = text.trimmed().toULongLong(&isNumber);
    return isNumber ? Taken()
                    : fault(GeneratorField::Seed, Words::tr("A seed is a whole number. Leave it empty for "
                                                            "another one each time."));
}

double secondsOf(const QString &unit)
{
    if (unit.startsWith(u'h'))
        return 3600;
    return unit.startsWith(u'm') ? 60 : 1;
}

Taken takeStopPart(const QString &part, LoadSettings &settings)
{
    static const QRegularExpression time(u"^([0-9.]+) ?(s|min|h)$"_s);
    static const QRegularExpression count(u"^([0-9]+) ?(writes|operations)$"_s);
    const QString text = part.simplified();
    bool isNumber = true;
    if (const auto match = time.match(text); match.hasMatch())
        settings.durationS = match.captured(1).toDouble(&isNumber) * secondsOf(match.captured(2));
    else if (const auto counted = count.match(text); counted.hasMatch())
        settings.count = counted.captured(1).toLongLong(&isNumber);
    else
        isNumber = text == Words::tr("never");
    return isNumber ? Taken()
                    : fault(GeneratorField::StopAfter,
                            Words::tr("The end of a run is written as: never, 60 s, 10 min, or 100000 writes."));
}

Taken takeStop(const QString &text, LoadSettings &settings)
{
    settings.durationS = 0;
    settings.count = 0;
    for (const QString &part : text.split(u','))
        if (Taken taken = takeStopPart(part, settings); !taken)
            return taken;
    return {};
}

QString stopText(const LoadSettings &settings)
{
    QStringList parts;
    if (settings.durationS > 0)
        parts << (settings.durationS >= 60 && qRound64(settings.durationS) % 60 == 0
                      ? u"%1 min"_s.arg(qRound64(settings.durationS) / 60)
                      : u"%1 s"_s.arg(QString::number(settings.durationS, 'f', QLocale::FloatingPointShortest)));
    if (settings.count > 0)
        parts << u"%1 writes"_s.arg(settings.count);
    return parts.isEmpty() ? Words::tr("never") : parts.join(u", "_s);
}

QStringList pacings()
{
    return {Words::tr("open loop"), Words::tr("closed loop")};
}

QStringList paths()
{
    return {Words::tr("direct"), Words::tr("staged"), Words::tr("messages")};
}

Taken take(GeneratorField field, const QString &text, quint64 randomSeed, LoadSettings &settings)
{
    switch (field) {
    case GeneratorField::Rate:
        return takeRate(text, settings);
    case GeneratorField::Pacing:
        settings.pacing = static_cast<Pacing>(std::max(qsizetype(0), pacings().indexOf(text)));
        return {};
    case GeneratorField::Path:
        settings.path = static_cast<LoadPath>(std::max(qsizetype(0), paths().indexOf(text)));
        return {};
    case GeneratorField::Rows:
        return put(field, loadprofile::rowsFrom(text), settings.rows);
    case GeneratorField::Mix:
        return put(field, loadprofile::mixFrom(text), settings.mix);
    case GeneratorField::Fields:
        return put(field, loadprofile::fieldsFrom(text), settings.fields);
    case GeneratorField::StopAfter:
        return takeStop(text, settings);
    case GeneratorField::Connections:
        return takeWhole(field, text, mostLoadConnections, settings.connections);
    case GeneratorField::Batch:
        return takeWhole(field, text, mostLoadBatch, settings.batch);
    case GeneratorField::Seed:
        return takeSeed(text, randomSeed, settings);
    }
    return {};
}

QStringList rowChoices()
{
    QStringList choices;
    for (const auto kind : {RowChoice::Kind::Uniform, RowChoice::Kind::Zipf, RowChoice::Kind::HotSet,
                            RowChoice::Kind::Sequential, RowChoice::Kind::Latest}) {
        RowChoice rows;
        rows.kind = kind;
        choices << loadprofile::textOf(rows);
    }
    return choices;
}

} // namespace

tl::expected<LoadSettings, FieldFault> settingsFrom(const GeneratorTexts &texts, quint64 randomSeed)
{
    LoadSettings settings;
    settings.verifies = texts.verifies;
    for (int i = 0; i < generatorFieldCount; ++i) {
        const auto field = static_cast<GeneratorField>(i);
        if (Taken taken = take(field, texts.of(field), randomSeed, settings); !taken)
            return tl::unexpected(taken.error());
    }
    return settings;
}

std::vector<FieldFault> faultsIn(const GeneratorTexts &texts)
{
    std::vector<FieldFault> faults;
    LoadSettings settings;
    for (int i = 0; i < generatorFieldCount; ++i) {
        const auto field = static_cast<GeneratorField>(i);
        if (Taken taken = take(field, texts.of(field), 1, settings); !taken)
            faults.push_back(taken.error());
    }
    return faults;
}

GeneratorTexts textsOf(const LoadSettings &settings)
{
    GeneratorTexts texts;
    texts.of(GeneratorField::Rate) = rateText(settings);
    texts.of(GeneratorField::Pacing) = pacings().at(int(settings.pacing));
    texts.of(GeneratorField::Path) = paths().at(int(settings.path));
    texts.of(GeneratorField::Rows) = loadprofile::textOf(settings.rows);
    texts.of(GeneratorField::Mix) = loadprofile::textOf(settings.mix);
    texts.of(GeneratorField::Fields) = loadprofile::textOf(settings.fields);
    texts.of(GeneratorField::StopAfter) = stopText(settings);
    texts.of(GeneratorField::Connections) = QString::number(settings.connections);
    texts.of(GeneratorField::Batch) = QString::number(settings.batch);
    texts.of(GeneratorField::Seed) = QString::number(settings.seed);
    texts.verifies = settings.verifies;
    return texts;
}

LoadSettings firstSettings()
{
    LoadSettings settings;
    settings.rate = firstRate;
    return settings;
}

QString rateText(const LoadSettings &settings)
{
    const QString text = loadprofile::rateText(settings);
    return settings.schedule.empty() && settings.rate > 0 ? Words::tr("%1 /s").arg(text) : text;
}

tl::expected<void, FieldFault> takeRate(const QString &text, LoadSettings &settings)
{
    QString plain = text.trimmed().toLower();
    if (plain.endsWith("/s"_L1))
        plain = plain.chopped(2).trimmed();
    bool isNumber = false;
    if (plain.toDouble(&isNumber) == 0 && isNumber)
        return fault(GeneratorField::Rate, Words::tr("A rate is above 0. For no limit write: unlimited."));
    const auto taken = loadprofile::takeRate(plain, settings);
    return taken ? Taken() : fault(GeneratorField::Rate, taken.error().message);
}

QStringList choicesFor(GeneratorField field)
{
    switch (field) {
    case GeneratorField::Rate:
        return {Words::tr("1 /s"),
                Words::tr("10 /s"),
                Words::tr("100 /s"),
                Words::tr("1000 /s"),
                u"100 for 10 s, 100 to 1000 in 30 s, 1000"_s,
                u"unlimited"_s};
    case GeneratorField::Pacing:
        return pacings();
    case GeneratorField::Path:
        return paths();
    case GeneratorField::Rows:
        return rowChoices();
    case GeneratorField::Mix:
        return {u"update 1"_s, u"update 90, read 10"_s, u"update 80, insert 5, delete 5, read 10"_s};
    case GeneratorField::StopAfter:
        return {Words::tr("never"), u"60 s"_s, u"10 min"_s, u"100000 writes"_s};
    default:
        return {};
    }
}

bool mayBeTyped(GeneratorField field)
{
    return field != GeneratorField::Pacing && field != GeneratorField::Path;
}

} // namespace throughline::generatortexts
