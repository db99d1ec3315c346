// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/validation.h"
#include "generator/loadtext.h"
#include "generator/valuesource.h"
#include "generator/workload.h"

#include <QSet>

#include <algorithm>

namespace throughline::loadprofile {

using namespace Qt::StringLiterals;
using namespace loadtext;

namespace {

using Kind = ValueMaker::Kind;

bool isOneOf(ColumnKind kind, std::initializer_list<ColumnKind> kinds)
{
    return std::ranges::find(kinds, kind) != kinds.end();
}

/// The types that hold what such a maker makes. A column of an unknown type is PostgreSQL's to judge.
bool suits(Kind maker, ColumnKind column)
{
    switch (maker) {
    case Kind::IntegerRange:
    case Kind::Counter:
        return isOneOf(
            column, {ColumnKind::Integer, ColumnKind::Numeric, ColumnKind::Float, ColumnKind::Text, ColumnKind::Other});
    case Kind::Words:
    case Kind::Email:
        return isOneOf(column, {ColumnKind::Text, ColumnKind::Other});
    case Kind::Dates:
        return isOneOf(column, {ColumnKind::Date, ColumnKind::Timestamp, ColumnKind::TimestampTz, ColumnKind::Text,
                                ColumnKind::Other});
    }
    return false;
}

/// The texts at both ends of what a maker makes.
QByteArrayList extremes(const ValueMaker &maker, const ColumnInfo &column)
{
    switch (maker.kind) {
    case Kind::IntegerRange:
        return {QByteArray::number(maker.low), QByteArray::number(maker.high)};
    case Kind::Dates:
        return {maker.from.toString(Qt::ISODate).toLatin1(), maker.to.toString(Qt::ISODate).toLatin1()};
    case Kind::Words:
        return {QByteArray(maker.words * 8 - 1, 'x')}; // the longest word has seven letters
    case Kind::Email:
        return {QByteArray(ValueSource::longestCounted, 'x')};
    case Kind::Counter:
        if (column.kind == ColumnKind::Text)
            return {QByteArray(ValueSource::longestCounted, 'x')};
        return {QByteArray::number(maker.start)};
    }
    return {};
}

Result<void> checkField(const FieldMaker &field, const Mapping &mapping)
{
    const auto index = mapping.fieldNamed(field.column);
    if (!index)
        return mistake(Words::tr("%1 has no mapped field %2.").arg(mapping.table, field.column));
    const Field &known = mapping.fields[static_cast<size_t>(*index)];
    if (!known.editable())
        return mistake(Words::tr("%1 is computed by PostgreSQL and cannot be written.").arg(known.column.name));
    const ValueMaker &maker = field.maker;
    const bool isEmpty = maker.low > maker.high || maker.from > maker.to || maker.words < 1;
    bool fits = suits(maker.kind, known.column.kind) && !isEmpty;
    for (const QByteArray &value : extremes(maker, known.column))
        fits = fits && !validate(known.column, value);
    if (!fits)
        return mistake(Words::tr("%1 does not take these values (%2): its type is %3.")
                           .arg(known.column.name, makerText(maker), known.column.typeName));
    return {};
}

Result<void> checkFields(const LoadSettings &settings, const Mapping &mapping)
{
    QSet<int> named;
    for (const FieldMaker &field : settings.fields) {
        if (const auto fits = checkField(field, mapping); !fits)
            return fits;
        const int index = *mapping.fieldNamed(field.column);
        if (named.contains(index))
            return mistake(Words::tr("%1 is named twice.").arg(field.column));
        named.insert(index);
    }
    const bool writes = settings.mix.update > 0 || settings.mix.insert > 0;
    if (writes && settings.fields.empty() && !scoreField(mapping))
        return mistake(
            Words::tr("The generator writes whole numbers, and %1 has no column for them.").arg(mapping.table));
    return {};
}

bool isCovered(const Field &field, const LoadSettings &settings, const Mapping &mapping)
{
    const auto isThis = [&](int index) { return &mapping.fields[static_cast<size_t>(index)] == &field; };
    if (settings.fields.empty())
        return isThis(scoreField(mapping).value_or(0));
    return std::ranges::any_of(settings.fields,
                               [&](const FieldMaker &maker) { return isThis(*mapping.fieldNamed(maker.column)); });
}

Result<void> checkInserts(const LoadSettings &settings, const Mapping &mapping)
{
    if (settings.mix.insert <= 0)
        return {};
    if (mapping.keyDefault.isEmpty())
        return mistake(Words::tr("Rows cannot be added: %1 has no default, and the generator makes no keys.")
                           .arg(mapping.key.name));
    for (const Field &field : mapping.fields) {
        const ColumnInfo &column = field.column;
        if (!column.nullable && !column.hasDefault && !column.generated && !isCovered(field, settings, mapping))
            return mistake(Words::tr("Rows cannot be added without values for %1, which may not be NULL and has no "
                                     "default. Name it among the fields.")
                               .arg(column.name));
    }
    return {};
}

Result<void> checkMix(const LoadSettings &settings)
{
    const OperationMix &mix = settings.mix;
    const std::array shares{mix.update, mix.insert, mix.remove, mix.read};
    if (std::ranges::any_of(shares, [](double share) { return !(share >= 0); }) ||
        std::ranges::none_of(shares, [](double share) { return share > 0; }))
        return mistake(Words::tr("A mix has at least one share above 0, and none below."));
    if (settings.path == LoadPath::Messages && (mix.insert > 0 || mix.remove > 0))
        return mistake(Words::tr("Messages change rows that are there: with this path nothing is added or deleted."));
    return {};
}

Result<void> checkRows(const RowChoice &rows)
{
    const bool isShare = rows.hotRows >= 0 && rows.hotRows <= 1 && rows.hotWrites >= 0 && rows.hotWrites <= 1;
    if (!(rows.exponent > 0 && rows.exponent < 2) || !isShare)
        return mistake(Words::tr("The exponent is above 0 and below 2, and the shares of a hot set are 0 to 1."));
    return {};
}

Result<void> checkSchedule(const LoadSettings &settings)
{
    bool good = settings.rate >= 0 && settings.durationS >= 0 && settings.count >= 0;
    for (size_t i = 0; i < settings.schedule.size(); ++i) {
        const RatePart &part = settings.schedule[i];
        const bool isLast = i + 1 == settings.schedule.size();
        const bool isOpen = part.seconds <= 0;
        good = good && part.from >= 0 && part.to >= 0 && (!isOpen || (isLast && part.from == part.to));
    }
    return good ? Result<void>()
                : mistake(Words::tr("Rates, times and counts are not below 0, and only the last part of the rate may "
                                    "be without a time; a ramp needs one."));
}

Result<void> checkSizes(const LoadSettings &settings)
{
    if (settings.connections < 1 || settings.connections > mostLoadConnections || settings.batch < 1 ||
        settings.batch > mostLoadBatch)
        return mistake(Words::tr("A run has 1 to %1 connections and batches of 1 to %2.")
                           .arg(mostLoadConnections)
                           .arg(mostLoadBatch));
    return {};
}

} // namespace

Result<void> check(const LoadSettings &settings, const Mapping &mapping)
{
    return checkSizes(settings)
        .and_then([&] { return checkSchedule(settings); })
        .and_then([&] { return checkRows(settings.rows); })
        .and_then([&] { return checkMix(settings); })
        .and_then([&] { return checkFields(settings, mapping); })
        .and_then([&] { return checkInserts(settings, mapping); });
}

} // namespace throughline::loadprofile
