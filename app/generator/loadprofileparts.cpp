// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadtext.h"

#include <QRegularExpression>

namespace throughline {

using namespace Qt::StringLiterals;

namespace loadprofile {

using namespace loadtext;

namespace {

constexpr double lowestExponent = 0.01;
constexpr double highestExponent = 1.99;

Result<RowChoice> skewedFrom(RowChoice::Kind kind, const QString &exponent)
{
    RowChoice rows;
    rows.kind = kind;
    if (exponent.isEmpty())
        return rows;
    return numberFrom(exponent, lowestExponent, highestExponent).map([&](double number) {
        rows.exponent = number;
        return rows;
    });
}

Result<RowChoice> hotSetFrom(const QString &text)
{
    static const QRegularExpression shape(u"^hot set (\\S+) of rows gets (\\S+) of writes$"_s);
    const auto match = shape.match(text);
    const auto rows = numberFrom(match.captured(1), 0, 1);
    const auto writes = numberFrom(match.captured(2), 0, 1);
    if (!match.hasMatch() || !rows || !writes)
        return mistake(Words::tr("a hot set is written as: hot set 0.1 of rows gets 0.9 of writes."));
    RowChoice choice;
    choice.kind = RowChoice::Kind::HotSet;
    choice.hotRows = *rows;
    choice.hotWrites = *writes;
    return choice;
}

QString skewedText(const QString &word, double exponent)
{
    return word + u' ' + numberText(exponent);
}

QString partText(const RatePart &part)
{
    const QString rate = part.from == 0 && part.to == 0 ? u"unlimited"_s : numberText(part.from);
    if (part.seconds <= 0)
        return rate;
    if (part.from == part.to)
        return u"%1 for %2 s"_s.arg(rate, numberText(part.seconds));
    return u"%1 to %2 in %3 s"_s.arg(rate, numberText(part.to), numberText(part.seconds));
}

Failure noRate()
{
    return mistake(Words::tr("a rate is written as: unlimited, 2000, or 100 for 10 s, 100 to 1000 in 30 s, 1000."));
}

Result<RatePart> partFrom(const QString &text)
{
    static const QRegularExpression shape(u"^(\\S+)(?: for (\\S+) s| to (\\S+) in (\\S+) s)?$"_s);
    const auto match = shape.match(text.simplified());
    const auto rate = [](const QString &word) {
        return word == "unlimited"_L1 ? Result<double>(0) : numberFrom(word, 0, highestRate);
    };
    const auto from = rate(match.captured(1));
    const bool isRamp = !match.captured(3).isEmpty();
    const auto to = isRamp ? numberFrom(match.captured(3), 0, highestRate) : from;
    const QString seconds = match.captured(isRamp ? 4 : 2);
    const auto time = seconds.isEmpty() ? Result<double>(0) : numberFrom(seconds, 0.001, longestS);
    // As a part, 0 reads as "nothing", which it is not.
    const bool isNothing =
        (isRamp && to && *to == 0) || (!seconds.isEmpty() && match.captured(1) != "unlimited"_L1 && from && *from == 0);
    const bool isUnlimitedRamp = isRamp && (match.captured(1) == "unlimited"_L1 || (from && to && *from + *to == 0));
    if (!match.hasMatch() || !from || !to || !time || isNothing || isUnlimitedRamp)
        return noRate();
    return RatePart{*from, *to, *time};
}

double *shareOf(OperationMix &mix, const QString &word)
{
    if (word == "update"_L1)
        return &mix.update;
    if (word == "insert"_L1)
        return &mix.insert;
    if (word == "delete"_L1)
        return &mix.remove;
    return word == "read"_L1 ? &mix.read : nullptr;
}

} // namespace

QString textOf(const RowChoice &rows)
{
    switch (rows.kind) {
    case RowChoice::Kind::Uniform:
        return u"uniform"_s;
    case RowChoice::Kind::Zipf:
        return skewedText(u"zipf"_s, rows.exponent);
    case RowChoice::Kind::HotSet:
        return u"hot set %1 of rows gets %2 of writes"_s.arg(numberText(rows.hotRows), numberText(rows.hotWrites));
    case RowChoice::Kind::Sequential:
        return u"sequential"_s;
    case RowChoice::Kind::Latest:
        return skewedText(u"latest"_s, rows.exponent);
    }
    return {};
}

Result<RowChoice> rowsFrom(const QString &text)
{
    const QString trimmed = text.simplified();
    const QString word = trimmed.section(u' ', 0, 0);
    const QString rest = trimmed.section(u' ', 1);
    RowChoice rows;
    if (trimmed == "uniform"_L1)
        return rows;
    rows.kind = RowChoice::Kind::Sequential;
    if (trimmed == "sequential"_L1)
        return rows;
    if (word == "zipf"_L1)
        return skewedFrom(RowChoice::Kind::Zipf, rest);
    if (word == "latest"_L1)
        return skewedFrom(RowChoice::Kind::Latest, rest);
    if (word == "hot"_L1)
        return hotSetFrom(trimmed);
    return mistake(Words::tr("the rows are one of: uniform, zipf 0.99, hot set 0.1 of rows gets 0.9 of writes, "
                             "sequential, latest 0.99."));
}

QString textOf(const OperationMix &mix)
{
    QStringList parts;
    const std::array shares{std::pair(u"update"_s, mix.update), std::pair(u"insert"_s, mix.insert),
                            std::pair(u"delete"_s, mix.remove), std::pair(u"read"_s, mix.read)};
    for (const auto &[word, share] : shares) {
        if (share > 0)
            parts << word + u' ' + numberText(share);
    }
    return parts.join(u", "_s);
}

Result<OperationMix> mixFrom(const QString &text)
{
    OperationMix mix{0, 0, 0, 0};
    const QStringList parts = text.split(u',');
    for (const QString &part : parts) {
        const QStringList words = part.simplified().split(u' ');
        double *share = shareOf(mix, words.value(0));
        const auto number = words.size() == 1 ? Result<double>(1) : numberFrom(words.value(1), 0, 1e9);
        if (!share || !number || words.size() > 2 || *share > 0)
            return mistake(Words::tr("a mix is written as: update 80, insert 5, delete 5, read 10."));
        *share = *number;
    }
    if (mix.update + mix.insert + mix.remove + mix.read <= 0)
        return mistake(Words::tr("a mix has at least one share above 0."));
    return mix;
}

QString textOf(const std::vector<FieldMaker> &fields)
{
    QStringList parts;
    for (const FieldMaker &field : fields)
        parts << field.column + " = "_L1 + makerText(field.maker);
    return parts.join(u"; "_s);
}

Result<std::vector<FieldMaker>> fieldsFrom(const QString &text)
{
    std::vector<FieldMaker> fields;
    const QStringList parts = text.split(u';', Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        if (part.trimmed().isEmpty())
            continue;
        const QString column = part.section(u'=', 0, 0).trimmed();
        if (column.isEmpty() || !part.contains(u'='))
            return mistake(Words::tr("fields are written as: score = integer 1000..999999; first_name = words 1."));
        const auto maker = makerFrom(part.section(u'=', 1));
        if (!maker)
            return mistake(column + u": "_s + maker.error().message);
        fields.push_back({column, *maker});
    }
    return fields;
}

QString rateText(const LoadSettings &settings)
{
    if (settings.schedule.empty())
        return settings.rate > 0 ? numberText(settings.rate) : u"unlimited"_s;
    QStringList parts;
    for (const RatePart &part : settings.schedule)
        parts << partText(part);
    return parts.join(u", "_s);
}

Result<void> takeRate(const QString &text, LoadSettings &settings)
{
    std::vector<RatePart> parts;
    const QStringList texts = text.split(u',');
    for (const QString &one : texts) {
        const auto part = partFrom(one);
        if (!part)
            return Failure(part.error());
        if (!parts.empty() && parts.back().seconds <= 0)
            return mistake(Words::tr("every part of the rate but the last one says for how long it holds."));
        parts.push_back(*part);
    }
    const bool isSchedule = parts.size() > 1 || parts.front().seconds > 0;
    settings.rate = isSchedule ? 0 : parts.front().from;
    settings.schedule = isSchedule ? std::move(parts) : std::vector<RatePart>();
    return {};
}

} // namespace loadprofile

} // namespace throughline
