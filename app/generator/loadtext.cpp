// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadtext.h"

#include <QLocale>

#include <cmath>
#include <limits>

namespace throughline {

using namespace Qt::StringLiterals;

namespace loadtext {

namespace {

constexpr qint64 lowestWhole = std::numeric_limits<qint64>::min();
constexpr qint64 highestWhole = std::numeric_limits<qint64>::max();
constexpr int mostWords = 100;

Failure noMaker()
{
    return mistake(Words::tr("the values are one of: integer LOW..HIGH, words N, dates FROM..TO, email, counter."));
}

Result<ValueMaker> integersFrom(const QStringList &ends)
{
    const auto low = wholeFrom(ends.value(0), lowestWhole, highestWhole);
    const auto high = wholeFrom(ends.value(1), lowestWhole, highestWhole);
    if (ends.size() != 2 || !low || !high || *low > *high)
        return mistake(Words::tr("integer takes a range such as 1000..999999."));
    ValueMaker maker;
    maker.low = *low;
    maker.high = *high;
    return maker;
}

Result<ValueMaker> datesFrom(const QStringList &ends)
{
    ValueMaker maker;
    maker.kind = ValueMaker::Kind::Dates;
    maker.from = QDate::fromString(ends.value(0), Qt::ISODate);
    maker.to = QDate::fromString(ends.value(1), Qt::ISODate);
    if (ends.size() != 2 || !maker.from.isValid() || !maker.to.isValid() || maker.from > maker.to)
        return mistake(Words::tr("dates takes a range such as 1950-01-01..2009-12-31."));
    return maker;
}

Result<ValueMaker> countedFrom(ValueMaker::Kind kind, const QString &start)
{
    ValueMaker maker;
    maker.kind = kind;
    if (start.isEmpty())
        return maker;
    const auto number = wholeFrom(start, 0, mostOperations);
    if (!number)
        return Failure(number.error());
    maker.start = *number;
    return maker;
}

} // namespace

Failure mistake(const QString &sentence)
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.message = sentence;
    return Failure(error);
}

QString numberText(double number)
{
    return QString::number(number, 'f', QLocale::FloatingPointShortest);
}

Result<double> numberFrom(const QString &text, double lowest, double highest)
{
    bool good = false;
    const double number = text.trimmed().toDouble(&good);
    if (!good || !std::isfinite(number) || number < lowest || number > highest)
        return mistake(Words::tr("the value is a number from %1 to %2.").arg(numberText(lowest), numberText(highest)));
    return number;
}

Result<qint64> wholeFrom(const QString &text, qint64 lowest, qint64 highest)
{
    bool good = false;
    const qint64 number = text.trimmed().toLongLong(&good);
    if (!good || number < lowest || number > highest)
        return mistake(Words::tr("the value is a whole number from %1 to %2.").arg(lowest).arg(highest));
    return number;
}

WordList<LoadPath> pathWords()
{
    return {{u"direct"_s, LoadPath::Direct}, {u"staged"_s, LoadPath::Staged}, {u"messages"_s, LoadPath::Messages}};
}

WordList<Pacing> pacingWords()
{
    return {{u"open loop"_s, Pacing::OpenLoop}, {u"closed loop"_s, Pacing::ClosedLoop}};
}

QString makerText(const ValueMaker &maker)
{
    switch (maker.kind) {
    case ValueMaker::Kind::IntegerRange:
        return u"integer %1..%2"_s.arg(maker.low).arg(maker.high);
    case ValueMaker::Kind::Words:
        return u"words %1"_s.arg(maker.words);
    case ValueMaker::Kind::Dates:
        return u"dates %1..%2"_s.arg(maker.from.toString(Qt::ISODate), maker.to.toString(Qt::ISODate));
    case ValueMaker::Kind::Email:
        return u"email %1"_s.arg(maker.start);
    case ValueMaker::Kind::Counter:
        return u"counter %1"_s.arg(maker.start);
    }
    return {};
}

Result<ValueMaker> makerFrom(const QString &text)
{
    const QString word = text.trimmed().section(u' ', 0, 0);
    const QString rest = text.trimmed().section(u' ', 1).trimmed();
    if (word == "integer"_L1)
        return integersFrom(rest.split(u".."_s));
    if (word == "dates"_L1)
        return datesFrom(rest.split(u".."_s));
    if (word == "email"_L1)
        return countedFrom(ValueMaker::Kind::Email, rest);
    if (word == "counter"_L1)
        return countedFrom(ValueMaker::Kind::Counter, rest);
    if (word != "words"_L1)
        return noMaker();
    ValueMaker maker;
    maker.kind = ValueMaker::Kind::Words;
    return wholeFrom(rest, 1, mostWords).map([&](qint64 words) {
        maker.words = static_cast<int>(words);
        return maker;
    });
}

} // namespace loadtext

} // namespace throughline
