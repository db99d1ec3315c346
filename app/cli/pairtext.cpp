// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/pairtext.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>
#include <array>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr auto mask = "********"_L1;
constexpr qsizetype widestCell = 48;

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(PairText)
};

using Cells = std::array<QString, 4>;

QString shown(const Field &field, const Value &value, const QString &absent)
{
    if (!value)
        return absent;
    QString text = field.secret ? QString(mask) : QString::fromUtf8(*value);
    // One row is one line, whatever it holds.
    text.replace(u'\n', u'\u23CE').replace(u'\t', u'\u21E5');
    return text.size() > widestCell ? text.left(widestCell - 1) + u'\u2026' : text;
}

// A hash may still hold a secret that is no longer mapped.
Field unmappedField(const QByteArray &name)
{
    Field field;
    field.secret = isSecretColumn(QString::fromUtf8(name));
    return field;
}

QString wordFor(FieldDifference difference)
{
    switch (difference) {
    case FieldDifference::Same:
        return {};
    case FieldDifference::OtherSpelling:
        return Tr::tr("~ same value, other spelling");
    case FieldDifference::Stale:
        return Tr::tr("! differs");
    case FieldDifference::MissingInCache:
        return Tr::tr("! missing in the cache");
    case FieldDifference::OnlyInCache:
        break;
    }
    return Tr::tr("! only in the cache");
}

QString lineOf(const Cells &cells, const std::array<qsizetype, 3> &widths)
{
    QString line;
    for (size_t i = 0; i < widths.size(); ++i)
        line += cells[i].leftJustified(widths[i]) + "  "_L1;
    line += cells[3];
    while (line.endsWith(u' '))
        line.chop(1);
    return line;
}

QString ttlText(qint64 ttlMs)
{
    return ttlMs < 0 ? Tr::tr("no TTL") : Tr::tr("TTL %1 s").arg(ttlMs / 1000);
}

Cells headerOf(const Mapping &mapping, const RowPair &pair)
{
    const QString database = pair.postgresError ? Tr::tr("unreadable")
                             : pair.row         ? u'v' + QString::number(pair.row->version.number)
                                                : Tr::tr("no such row");
    QString cache = Tr::tr("unreadable");
    if (!pair.redisError) {
        switch (pair.cached.state) {
        case CachedRow::State::Absent:
            cache = Tr::tr("not cached");
            break;
        case CachedRow::State::WrongType:
            cache = Tr::tr("wrong type: %1").arg(QString::fromUtf8(pair.cached.typeName));
            break;
        case CachedRow::State::Hash:
            cache = u'v' + QString::fromUtf8(pair.cached.version) + ", "_L1 + ttlText(pair.cached.ttlMs);
            break;
        }
    }
    return {QString(), Tr::tr("PostgreSQL %1 %2").arg(mapping.qualifiedName(), database),
            Tr::tr("Redis %1 %2").arg(QString::fromUtf8(mapping.hashKey(pair.key)), cache), QString()};
}

QJsonValue jsonOf(const Field &field, const Value &value)
{
    if (!value)
        return QJsonValue::Null;
    return field.secret ? QJsonValue(QString(mask)) : QJsonValue(QString::fromUtf8(*value));
}

} // namespace

QString differenceWord(RowDifference difference)
{
    switch (difference) {
    case RowDifference::Same:
        return u"same"_s;
    case RowDifference::Differs:
        return u"differs"_s;
    case RowDifference::NotCached:
        return u"not-cached"_s;
    case RowDifference::Orphan:
        return u"orphan"_s;
    case RowDifference::WrongType:
        return u"wrong-type"_s;
    case RowDifference::Neither:
        break;
    }
    return u"absent"_s;
}

QString differenceWord(FieldDifference difference)
{
    switch (difference) {
    case FieldDifference::Same:
        return u"same"_s;
    case FieldDifference::OtherSpelling:
        return u"other-spelling"_s;
    case FieldDifference::Stale:
        return u"stale"_s;
    case FieldDifference::MissingInCache:
        return u"missing-in-cache"_s;
    case FieldDifference::OnlyInCache:
        break;
    }
    return u"only-in-cache"_s;
}

QStringList pairLines(const Mapping &mapping, const RowPair &pair)
{
    const bool cached = pair.cached.state == CachedRow::State::Hash;
    std::vector<Cells> table{headerOf(mapping, pair)};
    for (size_t i = 0; i < mapping.fields.size() && (pair.row || cached); ++i) {
        const Field &field = mapping.fields[i];
        const bool compared = i < pair.comparison.fields.size();
        table.push_back({field.column.name, pair.row ? shown(field, pair.row->values[i], u"NULL"_s) : QString(),
                         cached ? shown(field, pair.cached.values[i], Tr::tr("(no field)")) : QString(),
                         compared ? wordFor(pair.comparison.fields[i]) : QString()});
    }
    for (const auto &[name, value] : pair.cached.unmapped)
        table.push_back(
            {QString::fromUtf8(name), QString(), shown(unmappedField(name), value, {}), Tr::tr("not mapped")});
    std::array<qsizetype, 3> widths{};
    for (const Cells &cells : table) {
        for (size_t i = 0; i < widths.size(); ++i)
            widths[i] = std::max(widths[i], cells[i].size());
    }
    QStringList lines;
    for (const Cells &cells : table)
        lines << lineOf(cells, widths);
    return lines;
}

QJsonObject pairJson(const Mapping &mapping, const RowPair &pair)
{
    QJsonObject fields;
    const bool cached = pair.cached.state == CachedRow::State::Hash;
    for (size_t i = 0; i < mapping.fields.size(); ++i) {
        const Field &field = mapping.fields[i];
        QJsonObject both;
        if (pair.row)
            both.insert(u"postgres"_s, jsonOf(field, pair.row->values[i]));
        if (cached)
            both.insert(u"redis"_s, jsonOf(field, pair.cached.values[i]));
        if (i < pair.comparison.fields.size())
            both.insert(u"difference"_s, differenceWord(pair.comparison.fields[i]));
        fields.insert(field.column.name, both);
    }
    const bool unreadable = pair.postgresError || pair.redisError;
    QJsonObject json{{u"key"_s, QString::fromUtf8(pair.key.text)},
                     {u"hash"_s, QString::fromUtf8(mapping.hashKey(pair.key))},
                     {u"state"_s, unreadable ? u"unreadable"_s : differenceWord(pair.comparison.row)},
                     {u"fields"_s, fields}};
    if (pair.postgresError)
        json.insert(u"postgres_error"_s, pair.postgresError->message);
    if (pair.redisError)
        json.insert(u"redis_error"_s, pair.redisError->message);
    if (pair.row)
        json.insert(u"version"_s, pair.row->version.number);
    if (cached) {
        json.insert(u"cached_version"_s, QString::fromUtf8(pair.cached.version));
        json.insert(u"ttl_ms"_s, pair.cached.ttlMs);
    }
    return json;
}

} // namespace throughline::cli
