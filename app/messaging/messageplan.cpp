// SPDX-License-Identifier: GPL-3.0-or-later
#include "messaging/messageplan.h"

#include "domain/validation.h"
#include "messaging/messagevalue.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

namespace throughline::messageplan {

using namespace Qt::StringLiterals;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(MessagePlan)
};

using Sentence = tl::unexpected<QString>;

tl::expected<RowKey, QString> keyOf(const Mapping &mapping, const Value &text)
{
    if (!text)
        return Sentence(Words::tr("The entry has no field \"key\"."));
    if (!text->isValidUtf8() || text->contains('\0'))
        return Sentence(Words::tr("The key is no text."));
    ColumnInfo column = mapping.key;
    column.generated = false; // an identity key cannot be written, but it can be named
    const RowKey key{normalised(column, QString::fromUtf8(*text))};
    if (const auto problem = validate(column, key.text))
        return Sentence(*problem);
    if (!isUsableKey(key))
        return Sentence(unusableKey(column).message);
    return key;
}

tl::expected<FieldWish, QString> fieldOf(const Mapping &mapping, const QString &name, const Value &value)
{
    const auto index = mapping.fieldNamed(name);
    if (!index)
        return Sentence(Words::tr("%1 has no mapped field \"%2\".").arg(mapping.table, name.left(64)));
    const Field &field = mapping.fields[static_cast<size_t>(*index)];
    if (!field.editable())
        return Sentence(Words::tr("%1 is computed by PostgreSQL and cannot be set.").arg(field.column.name));
    if (const auto problem = validate(field.column, value))
        return Sentence(*problem);
    return FieldWish{*index, value, {}};
}

void take(MergedWish &merged, const RowWish &wish, size_t index)
{
    merged.wishes.push_back(index);
    for (const FieldWish &field : wish.fields) {
        const auto place = std::ranges::lower_bound(merged.wish.fields, field.field, {}, &FieldWish::field);
        const auto owner = merged.owners.begin() + (place - merged.wish.fields.begin());
        if (place == merged.wish.fields.end() || place->field != field.field) {
            merged.wish.fields.insert(place, field);
            merged.owners.insert(owner, index);
        } else if (place->position < field.position) {
            *place = field;
            *owner = index;
        }
    }
}

} // namespace

tl::expected<RowWish, QString> wishOf(const Mapping &mapping, const Message &message)
{
    const auto position = MessagePosition::parse(message.id);
    if (!position)
        return Sentence(Words::tr("The position of the message cannot be compared with others."));
    const auto key = keyOf(mapping, message.key);
    if (!key)
        return Sentence(key.error());
    if (!message.value)
        return Sentence(Words::tr("The entry has no field \"value\"."));
    const auto named = messagevalue::parse(*message.value);
    if (!named)
        return Sentence(named.error());
    RowWish wish{*key, {}};
    for (const auto &[name, value] : *named) {
        auto field = fieldOf(mapping, name, value);
        if (!field)
            return Sentence(field.error());
        field->position = *position;
        const auto place = std::ranges::lower_bound(wish.fields, field->field, {}, &FieldWish::field);
        if (place != wish.fields.end() && place->field == field->field)
            return Sentence(Words::tr("The value names a field twice."));
        wish.fields.insert(place, std::move(*field));
    }
    if (wish.fields.empty())
        return Sentence(Words::tr("The value names no field."));
    return wish;
}

std::vector<MergedWish> merge(const std::vector<RowWish> &wishes)
{
    std::vector<MergedWish> merged;
    QHash<QByteArray, size_t> places;
    for (size_t i = 0; i < wishes.size(); ++i) {
        const auto place = places.constFind(wishes[i].key.text);
        if (place == places.cend()) {
            places.insert(wishes[i].key.text, merged.size());
            merged.push_back({{wishes[i].key, {}}, {}, {}});
            take(merged.back(), wishes[i], i);
        } else {
            take(merged[*place], wishes[i], i);
        }
    }
    return merged;
}

std::vector<std::vector<MergedWish>> statements(std::vector<MergedWish> merged, size_t atMost)
{
    std::vector<std::vector<MergedWish>> groups;
    std::map<std::vector<int>, size_t> open; // fields -> the group that still takes rows
    for (MergedWish &wish : merged) {
        std::vector<int> fields;
        std::ranges::transform(wish.wish.fields, std::back_inserter(fields), &FieldWish::field);
        const auto [place, isNew] = open.try_emplace(std::move(fields), groups.size());
        if (!isNew && groups[place->second].size() >= atMost)
            place->second = groups.size();
        if (place->second == groups.size())
            groups.emplace_back();
        groups[place->second].push_back(std::move(wish));
    }
    return groups;
}

bool isRefusal(const StoreError &error)
{
    switch (error.kind) {
    case ErrorKind::InvalidValue:
    case ErrorKind::NullNotAllowed:
    case ErrorKind::Duplicate:
    case ErrorKind::Referenced:
        return error.store == Store::Postgres;
    case ErrorKind::Other: {
        // A trigger may raise what it likes; these classes are the server's own troubles.
        static constexpr std::array troubles{"0A"_L1, "25"_L1, "55"_L1, "58"_L1, "F0"_L1, "XX"_L1};
        return error.store == Store::Postgres && !error.code.isEmpty() &&
               std::ranges::none_of(troubles, [&](QLatin1StringView code) { return error.code.startsWith(code); });
    }
    default:
        return false;
    }
}

bool isPassing(const StoreError &error)
{
    return error.unavailable() || error.dropConnection() || error.kind == ErrorKind::Transient ||
           error.kind == ErrorKind::OutOfMemory || error.kind == ErrorKind::ScriptMissing ||
           error.code == "READONLY"_L1 || error.code == "NOGROUP"_L1 || error.code == "UNBLOCKED"_L1;
}

} // namespace throughline::messageplan
