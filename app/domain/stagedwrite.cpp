// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/stagedwrite.h"

#include "domain/validation.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(StagedWrite)
};

using NamedValue = std::pair<QByteArray, QByteArray>;

/// In the order of StagedRefusal. Programs read them: they stay as they are.
constexpr std::array<const char *, stagedRefusals> names{"none",       "operation",  "key",      "field",
                                                         "value",      "constraint", "conflict", "cache_only",
                                                         "not_a_hash", "timed_out",  "other"};

// Namespace of the operation ids (RFC 9562, version 5).
const QUuid operations(0x2b0a5a1e, 0x6c1d, 0x4f0b, 0x9d, 0x53, 0x5e, 0x3c, 0x77, 0x1f, 0x0a, 0x42);

void refuse(StagedWrite &write, StagedRefusal refusal, const QString &reason)
{
    if (write.refusal != StagedRefusal::None) // the first reason is the one that is told
        return;
    write.refusal = refusal;
    write.reason = reason;
}

StagedOp operationOf(const QByteArray &mark)
{
    if (mark.isEmpty())
        return StagedOp::Upsert;
    static constexpr std::array known{StagedOp::Upsert, StagedOp::Delete, StagedOp::DropFromCache, StagedOp::CacheOnly};
    const auto op = static_cast<StagedOp>(mark.front());
    return std::ranges::find(known, op) != known.end() ? op : StagedOp::Unknown;
}

/// A length before each part keeps ("ab", "c") apart from ("a", "bc").
void appendPart(QByteArray &text, const QByteArray &part)
{
    text += QByteArray::number(part.size()) + ':' + part;
}

OpId idOf(const Mapping &mapping, const StagedWrite &write, std::span<const NamedValue> fields, const QByteArray &nonce)
{
    std::vector<NamedValue> sorted(fields.begin(), fields.end());
    std::ranges::sort(sorted);
    QByteArray content;
    appendPart(content, mapping.hashKey(write.key));
    appendPart(content, write.uuid.isEmpty() ? nonce : write.uuid);
    content += static_cast<char>(write.op);
    for (const auto &[name, value] : sorted) {
        appendPart(content, name);
        appendPart(content, value);
    }
    return {QUuid::createUuidV5(operations, content)};
}

void takeOperation(const QByteArray &mark, StagedWrite &write)
{
    write.op = operationOf(mark);
    write.uuid = mark.mid(1);
    if (write.op == StagedOp::Unknown)
        refuse(write, StagedRefusal::Operation,
               Words::tr("The field # begins with none of the operations =, ~, - and +."));
    // The key of the answer would be that of our own lease or work in progress.
    if (write.uuid.startsWith(':')) {
        write.uuid.clear();
        refuse(write, StagedRefusal::Operation, Words::tr("The id behind the operation may not begin with a colon."));
    }
    // PostgreSQL keeps it with the verdict, as text.
    if (!write.uuid.isValidUtf8() || write.uuid.contains('\0')) {
        write.uuid.clear();
        refuse(write, StagedRefusal::Operation,
               Words::tr("The id behind the operation has to be UTF-8 without the character NUL."));
    }
}

void takeBase(const QByteArray &text, StagedWrite &write)
{
    bool isNumber = false;
    const qint64 number = text.toLongLong(&isNumber);
    if (isNumber && number > 0)
        write.base = RowVersion{number};
    else
        refuse(write, StagedRefusal::InvalidValue,
               Words::tr("version is the number of the change that this write is made on."));
}

void takeValue(const Mapping &mapping, int field, const QByteArray &text, StagedWrite &write)
{
    const ColumnInfo &column = mapping.fields[static_cast<size_t>(field)].column;
    if (column.generated)
        refuse(write, StagedRefusal::InvalidValue,
               Words::tr("%1 is computed by PostgreSQL and cannot be written.").arg(column.name));
    else if (write.op != StagedOp::Delete && validate(column, text)) // whose sentence may hold the value
        refuse(write, StagedRefusal::InvalidValue,
               Words::tr("%1 does not take this value: its type is %2.").arg(column.name, column.typeName));
    write.changes.push_back({field, text});
}

void takeField(const Mapping &mapping, const NamedValue &field, StagedWrite &write)
{
    const auto &[name, value] = field;
    if (name == "version") {
        takeBase(value, write);
        return;
    }
    const auto mapped = std::ranges::find(mapping.fields, name, &Field::hashField);
    if (mapped != mapping.fields.end())
        takeValue(mapping, static_cast<int>(mapped - mapping.fields.begin()), value, write);
    else if (mapping.config.keepUnmapped && !name.startsWith('#'))
        write.unmapped.push_back(field);
    else
        refuse(write, StagedRefusal::Field,
               Words::tr("The field %1 belongs to no column of the table.").arg(QString::fromUtf8(name)));
}

void checkWhole(const Mapping &mapping, StagedWrite &write)
{
    ColumnInfo key = mapping.key;
    key.generated = false; // an identity key cannot be edited, but it names a row
    if (validate(key, write.key.text))
        refuse(write, StagedRefusal::Key,
               Words::tr("The name of the staged hash holds no key of the table: %1 is %2.")
                   .arg(mapping.key.name, mapping.key.typeName));
    if (write.op == StagedOp::CacheOnly && !mapping.config.allowCacheOnly)
        refuse(write, StagedRefusal::CacheOnly,
               Words::tr("A write to the cache alone is refused: table and cache would differ. Set allow_cache_only in "
                         "the configuration to allow it."));
    const bool writes = write.op == StagedOp::Upsert || write.op == StagedOp::CacheOnly;
    if (writes && write.changes.empty())
        refuse(write, StagedRefusal::Field, Words::tr("The staged hash has no field of the table."));
}

} // namespace

QString nameOf(StagedRefusal refusal)
{
    return QLatin1StringView(names[static_cast<size_t>(refusal)]);
}

QString failureText(StagedRefusal refusal, const QString &sentence)
{
    return nameOf(refusal) + ": "_L1 + sentence;
}

StagedRefusal refusalOf(const QString &failureText)
{
    const QString word = failureText.section(u':', 0, 0);
    const auto found = std::ranges::find_if(names, [&](const char *name) { return word == QLatin1StringView(name); });
    return found == names.end() ? StagedRefusal::Other : static_cast<StagedRefusal>(found - names.begin());
}

StagedWrite parseStagedWrite(const Mapping &mapping, const RowKey &key, std::span<const NamedValue> fields,
                             const QByteArray &nonce)
{
    StagedWrite write;
    write.key = key;
    std::vector<NamedValue> given;
    for (const NamedValue &field : fields) {
        if (field.first == "#")
            takeOperation(field.second, write);
        else
            given.push_back(field);
    }
    for (const NamedValue &field : given)
        takeField(mapping, field, write);
    std::ranges::sort(write.changes, {}, &FieldChange::field);
    std::ranges::sort(write.unmapped);
    checkWhole(mapping, write);
    write.id = idOf(mapping, write, given, nonce);
    return write;
}

} // namespace throughline
