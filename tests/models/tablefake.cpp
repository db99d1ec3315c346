// SPDX-License-Identifier: GPL-3.0-or-later
#include "tablefake.h"

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

Field field(const QString &name, ColumnKind kind, bool nullable = true)
{
    Field field;
    field.hashField = name.toUtf8();
    field.column.name = name;
    field.column.kind = kind;
    field.column.nullable = nullable;
    field.secret = isSecretColumn(name);
    return field;
}

} // namespace

Mapping testMapping()
{
    Mapping mapping;
    mapping.schema = u"public"_s;
    mapping.table = u"users"_s;
    mapping.key.name = u"id"_s;
    mapping.key.kind = ColumnKind::Integer;
    mapping.key.bytes = 8;
    mapping.fields = {field(u"username"_s, ColumnKind::Text, false), field(u"email"_s, ColumnKind::Text),
                      field(u"password_hash"_s, ColumnKind::Text),   field(u"date_of_birth"_s, ColumnKind::Date),
                      field(u"score"_s, ColumnKind::Integer),        field(u"total"_s, ColumnKind::Integer)};
    mapping.fields[0].column.maxLength = 20;
    mapping.fields[4].column.bytes = 4;
    mapping.fields[5].column.generated = true;
    return mapping;
}

Row testRow(qint64 key, qint64 version)
{
    const QByteArray number = QByteArray::number(key);
    return {RowKey{number},
            RowVersion{version},
            {"user" + number, number + "@example.org", "$argon2id$" + number, "1990-01-01", number, std::nullopt}};
}

TableFake::TableFake(qint64 count)
{
    for (qint64 key = 1; key <= count; ++key)
        rows.emplace_hint(rows.end(), key, testRow(key));
}

TableIndex TableFake::index(quint64 generation, int pageSize) const
{
    TableIndex index;
    index.generation = generation;
    index.pageSize = pageSize;
    index.rowCount = static_cast<qint64>(rows.size());
    index.totalRows = index.rowCount;
    int at = 0;
    for (const auto &[key, row] : rows) {
        if (at % pageSize == 0)
            index.firstKeys.push_back(row.key);
        if (at < pageSize)
            index.firstPage.push_back(row);
        ++at;
    }
    return index;
}

RowPage TableFake::page(quint64 generation, const PageRequest &request) const
{
    RowPage page{generation, request, {}};
    const auto end = request.before ? rows.lower_bound(request.before->text.toLongLong()) : rows.end();
    for (auto row = rows.lower_bound(request.from.text.toLongLong()); row != end; ++row)
        page.rows.push_back(row->second);
    return page;
}

} // namespace throughline
