// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/validation.h"

#include "domain/decimaltext.h"

#include <QCoreApplication>
#include <QDate>
#include <QRegularExpression>

#include <algorithm>
#include <charconv>
#include <limits>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

using Fault = std::optional<QString>;

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(Validation)
};

/// A typed text as a sentence quotes it: a pasted page must not fill the screen.
QString quoted(const QString &text)
{
    constexpr int longest = 40;
    return text.size() <= longest ? text : text.first(longest) + u'…';
}

Fault checkText(const ColumnInfo &column, const QString &text)
{
    if (column.maxLength < 0)
        return std::nullopt;
    // PostgreSQL counts code points; a QString counts a character outside the basic plane twice.
    const auto characters = text.toUcs4().size();
    if (characters <= column.maxLength)
        return std::nullopt;
    return Words::tr("%1 may have %2 characters; this has %3.").arg(column.name).arg(column.maxLength).arg(characters);
}

template <class Integer>
Fault checkRange(const ColumnInfo &column, const QByteArray &text)
{
    static const QRegularExpression whole(uR"(\A[+-]?[0-9]+\z)"_s);
    using Limits = std::numeric_limits<Integer>;
    const bool isWhole = whole.match(QString::fromUtf8(text)).hasMatch();
    bool fits = false;
    const qlonglong number = text.toLongLong(&fits);
    if (isWhole && fits && number >= Limits::min() && number <= Limits::max())
        return std::nullopt;
    if (isWhole && text.startsWith('-')) {
        return Words::tr("%1 must be a whole number from %2 to %3.")
            .arg(column.name, QString::number(Limits::min()), QString::number(Limits::max()));
    }
    return Words::tr("%1 must be a whole number up to %2.").arg(column.name, QString::number(Limits::max()));
}

Fault checkInteger(const ColumnInfo &column, const QByteArray &text)
{
    switch (column.bytes) {
    case 2:
        return checkRange<qint16>(column, text);
    case 4:
        return checkRange<qint32>(column, text);
    default:
        return checkRange<qint64>(column, text);
    }
}

bool isAnyOf(const QByteArray &text, std::initializer_list<const char *> words)
{
    return std::any_of(words.begin(), words.end(),
                       [&](const char *word) { return text.compare(word, Qt::CaseInsensitive) == 0; });
}

bool isInfinite(const QByteArray &text)
{
    return isAnyOf(text, {"infinity", "+infinity", "-infinity", "inf", "+inf", "-inf"});
}

Fault checkNumeric(const ColumnInfo &column, const QByteArray &text)
{
    const bool limited = column.precision >= 0;
    if (isAnyOf(text, {"nan"}) || (isInfinite(text) && !limited))
        return std::nullopt;
    const auto number = DecimalText::parse(text);
    if (!number)
        return Words::tr("%1 must be a number.").arg(column.name);
    if (!limited || number->zero)
        return std::nullopt;
    const qint64 room = column.precision - column.scale;
    if (number->integerDigits > room) {
        return Words::tr("%1 may have %2 digits before the decimal point; this has %3.")
            .arg(column.name)
            .arg(room)
            .arg(number->integerDigits);
    }
    // PostgreSQL would round in silence; what is stored must be what was typed.
    if (number->decimals > column.scale) {
        return Words::tr("%1 may have %2 decimals; this has %3.")
            .arg(column.name)
            .arg(column.scale)
            .arg(number->decimals);
    }
    return std::nullopt;
}

template <class Real>
bool fitsInto(const QByteArray &text)
{
    Real number = 0;
    const char *begin = text.constData() + (text.startsWith('+') ? 1 : 0);
    return std::from_chars(begin, text.constData() + text.size(), number).ec == std::errc();
}

Fault checkFloat(const ColumnInfo &column, const QByteArray &text)
{
    if (isAnyOf(text, {"nan"}) || isInfinite(text))
        return std::nullopt;
    if (!DecimalText::parse(text))
        return Words::tr("%1 must be a number.").arg(column.name);
    if (column.typeName == "real"_L1 ? fitsInto<float>(text) : fitsInto<double>(text))
        return std::nullopt;
    return Words::tr("%1: %2 is out of range.").arg(column.name, quoted(QString::fromUtf8(text)));
}

Fault checkBoolean(const ColumnInfo &column, const QByteArray &text)
{
    // What PostgreSQL takes: every unambiguous beginning of these words.
    if (isAnyOf(text, {"t", "tr", "tru", "true", "f", "fa", "fal", "fals", "false", "y", "ye", "yes", "n", "no", "on",
                       "of", "off", "1", "0"}))
        return std::nullopt;
    return Words::tr("%1 must be true or false.").arg(column.name);
}

/// Spellings that PostgreSQL knows and a calendar of ours does not.
bool leftToPostgres(const QByteArray &text)
{
    return isInfinite(text) || isAnyOf(text, {"epoch", "now", "today", "tomorrow", "yesterday"}) ||
           text.toUpper().endsWith(" BC");
}

bool isDate(const QString &text)
{
    static const QRegularExpression iso(uR"(\A([0-9]{4,7})-([0-9]{1,2})-([0-9]{1,2})\z)"_s);
    const auto match = iso.match(text);
    return match.hasMatch() &&
           QDate::isValid(match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3).toInt());
}

bool isTime(const QString &text)
{
    static const QRegularExpression iso(uR"(\A(?:24:00(?::00(?:\.0{1,6})?)?|)"
                                        uR"((?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?)\z)"_s);
    return iso.match(text).hasMatch();
}

/// The text without an offset or zone name at its end, whose names only PostgreSQL knows.
QString withoutZone(const QString &text)
{
    static const QRegularExpression zone(
        uR"((?:\s*[+-][0-9]{1,2}(?::?[0-9]{2}){0,2}|\s*Z|\s+[A-Za-z][A-Za-z0-9_/+-]*)\z)"_s);
    const auto match = zone.match(text, text.indexOf(u':') + 1);
    return match.hasMatch() ? text.first(match.capturedStart()) : text;
}

bool isTimestamp(const QString &text)
{
    static const QRegularExpression gap(u"[ Tt]+"_s);
    const auto match = gap.match(text);
    if (!match.hasMatch())
        return isDate(text);
    return isDate(text.first(match.capturedStart())) && isTime(text.sliced(match.capturedEnd()));
}

Fault unlessValid(bool valid, const QString &sentence, const ColumnInfo &column, const QString &text)
{
    if (valid)
        return std::nullopt;
    return sentence.arg(column.name, quoted(text));
}

bool isUuid(const QString &text)
{
    static const QRegularExpression uuid(
        uR"(\A(?:\{(?:[0-9a-f]{4}-?){7}[0-9a-f]{4}\}|(?:[0-9a-f]{4}-?){7}[0-9a-f]{4})\z)"_s,
        QRegularExpression::CaseInsensitiveOption);
    return uuid.match(text).hasMatch();
}

Fault checkMoment(const ColumnInfo &column, const QByteArray &bytes, const QString &text)
{
    const bool passes = leftToPostgres(bytes);
    switch (column.kind) {
    case ColumnKind::Date:
        return unlessValid(passes || isDate(text), Words::tr("%1: %2 is no date."), column, text);
    case ColumnKind::Time: {
        const bool zoned = column.typeName.contains("with time zone"_L1);
        const bool valid = isTime(zoned ? withoutZone(text) : text) || isAnyOf(bytes, {"now", "allballs"});
        return unlessValid(valid, Words::tr("%1: %2 is no time."), column, text);
    }
    case ColumnKind::TimestampTz:
        return unlessValid(passes || isTimestamp(withoutZone(text)), Words::tr("%1: %2 is no point in time."), column,
                           text);
    default:
        // PostgreSQL ignores a zone here without a word, so a typed one is a mistake worth telling.
        return unlessValid(passes || isTimestamp(text), Words::tr("%1: %2 is no date and time."), column, text);
    }
}

Fault checkLabel(const ColumnInfo &column, const QString &text)
{
    if (column.labels.contains(text))
        return std::nullopt;
    return Words::tr("%1 must be one of: %2.").arg(column.name, column.labels.join(u", "_s));
}

Fault checkByKind(const ColumnInfo &column, const QByteArray &bytes, const QString &text)
{
    switch (column.kind) {
    case ColumnKind::Integer:
        return checkInteger(column, bytes);
    case ColumnKind::Numeric:
        return checkNumeric(column, bytes);
    case ColumnKind::Float:
        return checkFloat(column, bytes);
    case ColumnKind::Boolean:
        return checkBoolean(column, bytes);
    case ColumnKind::Date:
    case ColumnKind::Time:
    case ColumnKind::Timestamp:
    case ColumnKind::TimestampTz:
        return checkMoment(column, bytes, text);
    case ColumnKind::Uuid:
        return unlessValid(isUuid(text), Words::tr("%1: %2 is no UUID."), column, text);
    case ColumnKind::Enumeration:
        return checkLabel(column, text);
    case ColumnKind::Text:
        return checkText(column, text);
    case ColumnKind::Other:
        break;
    }
    return std::nullopt;
}

} // namespace

std::optional<QString> validate(const ColumnInfo &column, const Value &value)
{
    if (column.generated)
        return Words::tr("%1 is computed by PostgreSQL and cannot be written.").arg(column.name);
    if (!value)
        return column.nullable ? Fault() : Words::tr("%1 may not be NULL.").arg(column.name);
    if (value->contains('\0'))
        return Words::tr("%1 may not hold the character NUL.").arg(column.name);
    if (!value->isValidUtf8())
        return Words::tr("%1 must be valid UTF-8.").arg(column.name);
    return checkByKind(column, *value, QString::fromUtf8(*value));
}

QByteArray normalised(const ColumnInfo &column, const QString &typed)
{
    switch (column.kind) {
    case ColumnKind::Text:
    case ColumnKind::Other:
        return typed.toUtf8();
    case ColumnKind::Enumeration:
        return column.labels.contains(typed) ? typed.toUtf8() : typed.trimmed().toUtf8();
    default:
        return typed.trimmed().toUtf8();
    }
}

} // namespace throughline
