// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/rowarguments.h"

#include "domain/validation.h"

#include <QCoreApplication>

#include <algorithm>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(RowArguments)
};

Failure invalid(const QString &message, const QString &column = {})
{
    StoreError error;
    error.kind = ErrorKind::InvalidValue;
    error.message = message;
    error.column = column;
    return Failure(error);
}

Failure malformed(const QString &message)
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.message = message;
    return Failure(error);
}

struct Word
{
    QString name;
    std::optional<QString> value;
};

std::optional<Word> split(const QString &word)
{
    const qsizetype equals = word.indexOf(u'=');
    if (equals > 0)
        return Word{word.left(equals), word.mid(equals + 1)};
    if (equals < 0 && word.size() > 5 && word.endsWith(":null"_L1))
        return Word{word.chopped(5), std::nullopt};
    return std::nullopt;
}

} // namespace

Result<RowKey> keyArgument(const Mapping &mapping, const QString &typed)
{
    ColumnInfo key = mapping.key;
    key.generated = false; // an identity key cannot be written, but it can be named
    const QByteArray text = normalised(key, typed);
    if (const auto problem = validate(key, text))
        return invalid(*problem, key.name);
    if (!isUsableKey({text}))
        return Failure(unusableKey(key));
    return RowKey{text};
}

Result<std::vector<FieldChange>> changeArguments(const Mapping &mapping, const QStringList &words)
{
    std::vector<FieldChange> changes;
    for (const QString &text : words) {
        const auto word = split(text);
        if (!word)
            return malformed(Tr::tr("\"%1\" is no change. Write column=value, or column:null for NULL.").arg(text));
        const auto field = mapping.fieldNamed(word->name);
        if (!field)
            return malformed(Tr::tr("%1 has no mapped column %2.").arg(mapping.table, word->name));
        const ColumnInfo &column = mapping.fields[static_cast<size_t>(*field)].column;
        if (column.generated)
            return invalid(Tr::tr("%1 is computed by PostgreSQL and cannot be set.").arg(column.name), column.name);
        if (std::ranges::find(changes, *field, &FieldChange::field) != changes.end())
            return malformed(Tr::tr("%1 is given twice.").arg(column.name));
        const Value value = word->value ? Value(normalised(column, *word->value)) : Value();
        if (const auto problem = validate(column, value))
            return invalid(*problem, column.name);
        changes.push_back({*field, value});
    }
    return changes;
}

} // namespace throughline::cli
