// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/valuesource.h"

#include <array>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array<const char *, 64> vocabulary{
    "amber",  "anchor", "apple",  "arrow",   "autumn",  "basil",   "beacon", "birch",   "breeze", "bridge", "candle",
    "canyon", "cedar",  "cloud",  "copper",  "coral",   "cotton",  "crane",  "delta",   "ember",  "falcon", "feather",
    "fern",   "flint",  "forest", "garden",  "glass",   "granite", "harbor", "hazel",   "heron",  "indigo", "iron",
    "island", "ivory",  "jasper", "lake",    "lantern", "lemon",   "linen",  "maple",   "marble", "meadow", "mint",
    "mosaic", "north",  "ocean",  "olive",   "orchid",  "pebble",  "pine",   "prairie", "quartz", "rain",   "raven",
    "reed",   "river",  "sable",  "saffron", "slate",   "spruce",  "summit", "tide",    "willow"};

template <class Number>
Number between(Number low, Number high, std::mt19937_64 &random)
{
    return std::uniform_int_distribution<Number>(low, high)(random);
}

} // namespace

ValueSource::ValueSource(const ValueMaker &maker, const ColumnInfo &column, const MakerOf &of)
    : m_maker(maker)
    , m_of(of)
    , m_isText(column.kind == ColumnKind::Text || column.kind == ColumnKind::Other)
{
}

QByteArray ValueSource::next(std::mt19937_64 &random)
{
    switch (m_maker.kind) {
    case ValueMaker::Kind::IntegerRange:
        return QByteArray::number(between(m_maker.low, m_maker.high, random));
    case ValueMaker::Kind::Words:
        return words(random);
    case ValueMaker::Kind::Dates:
        return date(random);
    case ValueMaker::Kind::Email:
        return "load-" + counted() + "@load.example";
    case ValueMaker::Kind::Counter:
        return m_isText ? "load-" + counted()
                        : QByteArray::number(m_maker.start + m_of.worker + m_of.workers * m_made++);
    }
    return {};
}

QByteArray ValueSource::words(std::mt19937_64 &random) const
{
    QByteArray text;
    for (int i = 0; i < m_maker.words; ++i)
        text += (i == 0 ? "" : " ") + QByteArray(vocabulary[between<size_t>(0, vocabulary.size() - 1, random)]);
    return text;
}

QByteArray ValueSource::date(std::mt19937_64 &random) const
{
    return QDate::fromJulianDay(between(m_maker.from.toJulianDay(), m_maker.to.toJulianDay(), random))
        .toString(Qt::ISODate)
        .toLatin1();
}

QByteArray ValueSource::counted()
{
    return QByteArray::number(m_of.seed) + '-' + QByteArray::number(m_of.worker) + '-' +
           QByteArray::number(m_maker.start + m_made++);
}

} // namespace throughline
