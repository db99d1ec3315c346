// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/rowcompare.h"

#include <QDate>
#include <QDateTime>
#include <QRegularExpression>
#include <QUuid>

#include <algorithm>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

QByteArray canonicalInteger(const QByteArray &text)
{
    bool good = false;
    const qlonglong number = text.trimmed().toLongLong(&good);
    return good ? QByteArray::number(number) : QByteArray();
}

// Decimal text without sign of zero, leading zeros or trailing zeros of the fraction. No double: digits must stay.
QByteArray canonicalDecimal(const QByteArray &text)
{
    QByteArray digits = text.trimmed();
    const bool negative = digits.startsWith('-');
    if (negative || digits.startsWith('+'))
        digits.remove(0, 1);
    const qsizetype point = digits.indexOf('.');
    QByteArray whole = point < 0 ? digits : digits.left(point);
    QByteArray fraction = point < 0 ? QByteArray() : digits.mid(point + 1);
    const auto allDigits = [](const QByteArray &part) {
        return std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
    };
    if ((whole.isEmpty() && fraction.isEmpty()) || !allDigits(whole) || !allDigits(fraction))
        return {};
    while (whole.startsWith('0'))
        whole.remove(0, 1);
    while (fraction.endsWith('0'))
        fraction.chop(1);
    if (whole.isEmpty() && fraction.isEmpty())
        return "0"_ba;
    return (negative ? "-"_ba : ""_ba) + whole + '.' + fraction;
}

QByteArray canonicalFloat(const QByteArray &text)
{
    bool good = false;
    const double number = text.trimmed().toDouble(&good);
    return good ? QByteArray::number(number, 'g', 17) : QByteArray();
}

QByteArray canonicalBoolean(const QByteArray &text)
{
    const QByteArray word = text.trimmed().toLower();
    for (const char *yes : {"t", "true", "1", "yes", "on", "y"}) {
        if (word == yes)
            return "t"_ba;
    }
    for (const char *no : {"f", "false", "0", "no", "off", "n"}) {
        if (word == no)
            return "f"_ba;
    }
    return {};
}

QByteArray canonicalDate(const QByteArray &text)
{
    // A foreign client may have written midnight behind the date.
    QByteArray day = text.trimmed();
    for (const char *midnight : {" 00:00:00", "T00:00:00"}) {
        if (day.endsWith(midnight))
            day.chop(9);
    }
    if (day.size() != 10) // QDate reads as far as it understands and keeps quiet about the rest
        return {};
    const QDate date = QDate::fromString(QString::fromLatin1(day), Qt::ISODate);
    return date.isValid() ? date.toString(Qt::ISODate).toLatin1() : QByteArray();
}

QByteArray canonicalTime(const QByteArray &text)
{
    static const QRegularExpression pattern(uR"(\A(\d\d:\d\d)(?::(\d\d)(?:\.(\d*?)0*)?)?\z)"_s);
    const auto match = pattern.match(QString::fromLatin1(text.trimmed()));
    if (!match.hasMatch())
        return {};
    const QString seconds = match.captured(2).isEmpty() ? u"00"_s : match.captured(2);
    return (match.captured(1) + u':' + seconds + u'.' + match.captured(3)).toLatin1();
}

// Microseconds are kept apart: QDateTime would cut them to milliseconds.
QByteArray canonicalTimestamp(const QByteArray &text, bool withZone)
{
    QString moment = QString::fromLatin1(text.trimmed());
    moment.replace(u' ', u'T');
    if (moment.size() == 10)
        moment += "T00:00:00"_L1;
    QString fraction;
    const qsizetype point = moment.indexOf(u'.');
    if (point > 0) {
        qsizetype end = point + 1;
        while (end < moment.size() && moment[end].isDigit())
            ++end;
        fraction = moment.mid(point + 1, end - point - 1);
        moment.remove(point, end - point);
        while (fraction.endsWith(u'0'))
            fraction.chop(1);
    }
    static const QRegularExpression zone(u"(Z|[+-]\\d\\d(:?\\d\\d)?)$"_s);
    static const QRegularExpression shortZone(u"[+-]\\d\\d$"_s);
    if (moment.indexOf(zone, 11) < 0)
        moment += u'Z'; // not the local zone: there an hour of a night in spring does not exist
    else if (!withZone)
        return {};
    else if (moment.indexOf(shortZone, 11) > 0)
        moment += ":00"_L1;
    const QDateTime parsed = QDateTime::fromString(moment, Qt::ISODate).toUTC();
    if (!parsed.isValid())
        return {};
    return (parsed.toString(u"yyyy-MM-ddTHH:mm:ss"_s) + u'.' + fraction).toLatin1();
}

QByteArray canonical(const ColumnInfo &column, const QByteArray &text)
{
    switch (column.kind) {
    case ColumnKind::Integer:
        return canonicalInteger(text);
    case ColumnKind::Numeric:
        return canonicalDecimal(text);
    case ColumnKind::Float:
        return canonicalFloat(text);
    case ColumnKind::Boolean:
        return canonicalBoolean(text);
    case ColumnKind::Date:
        return canonicalDate(text);
    case ColumnKind::Time:
        return canonicalTime(text);
    case ColumnKind::Timestamp:
        return canonicalTimestamp(text, false);
    case ColumnKind::TimestampTz:
        return canonicalTimestamp(text, true);
    case ColumnKind::Uuid: {
        const QUuid uuid = QUuid::fromString(QLatin1StringView(text));
        return uuid.isNull() ? QByteArray() : uuid.toByteArray(QUuid::WithoutBraces);
    }
    default:
        return {};
    }
}

} // namespace

int RowComparison::differingFields() const
{
    return static_cast<int>(std::ranges::count_if(fields, [](FieldDifference difference) {
        return difference != FieldDifference::Same && difference != FieldDifference::OtherSpelling;
    }));
}

bool RowComparison::isFault() const noexcept
{
    return row == RowDifference::Differs || row == RowDifference::Orphan || row == RowDifference::WrongType;
}

FieldDifference compareValues(const ColumnInfo &column, const Value &table, const Value &cache)
{
    if (table == cache)
        return FieldDifference::Same;
    if (!table)
        return FieldDifference::OnlyInCache;
    if (!cache)
        return FieldDifference::MissingInCache;
    const QByteArray tableForm = canonical(column, *table);
    const bool sameValue = !tableForm.isEmpty() && tableForm == canonical(column, *cache);
    return sameValue ? FieldDifference::OtherSpelling : FieldDifference::Stale;
}

RowComparison compareVersion(const std::optional<RowVersion> &version, const CachedRow &cached)
{
    RowComparison comparison;
    if (cached.state == CachedRow::State::WrongType) {
        comparison.row = RowDifference::WrongType;
    } else if (cached.state == CachedRow::State::Absent) {
        comparison.row = version ? RowDifference::NotCached : RowDifference::Neither;
    } else if (!version) {
        comparison.row = RowDifference::Orphan;
    } else {
        comparison.versionDiffers = cached.version != QByteArray::number(version->number);
        comparison.row = comparison.versionDiffers ? RowDifference::Differs : RowDifference::Same;
    }
    return comparison;
}

RowComparison compareRow(const Mapping &mapping, const std::optional<Row> &row, const CachedRow &cached)
{
    RowComparison comparison = compareVersion(row ? std::optional(row->version) : std::nullopt, cached);
    if (!row || cached.state != CachedRow::State::Hash)
        return comparison;
    for (size_t i = 0; i < mapping.fields.size(); ++i)
        comparison.fields.push_back(compareValues(mapping.fields[i].column, row->values[i], cached.values[i]));
    if (comparison.differingFields() > 0)
        comparison.row = RowDifference::Differs;
    return comparison;
}

} // namespace throughline
