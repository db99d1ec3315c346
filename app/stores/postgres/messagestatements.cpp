// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/messagestatements.h"

namespace throughline {

namespace {

QByteArray numbered(const char *name, size_t number)
{
    return name + QByteArray::number(static_cast<qsizetype>(number));
}

QByteArray fieldLiteral(const ColumnInfo &column)
{
    return quotedLiteral(column.name.toUtf8());
}

} // namespace

MessageStatements::MessageStatements(const Mapping &mapping, QByteArray stream)
    : m_mapping(mapping)
    , m_rows(mapping)
    , m_key(quotedIdentifier(mapping.key.name))
    , m_keyCast("::" + mapping.key.castName.toUtf8())
    , m_schemaPrefix(quotedIdentifier(mapping.protocolSchema) + '.')
    , m_label(quotedLiteral(mapping.config.label.toUtf8()))
    , m_stream(quotedLiteral(stream))
{
}

const ColumnInfo &MessageStatements::column(const FieldWish &wish) const
{
    return m_mapping.fields[static_cast<size_t>(wish.field)].column;
}

MessageStatements::Lists MessageStatements::listsOf(std::span<const RowWish> wishes, std::vector<Value> first)
{
    std::vector<Value> keys;
    for (const RowWish &wish : wishes)
        keys.emplace_back(wish.key.text);
    Lists lists{{}, {}, std::move(first)};
    const auto add = [&lists](const std::vector<Value> &values, const char *type, const QByteArray &name) {
        lists.parameters.emplace_back(arrayLiteral(values));
        lists.arrays += (lists.arrays.isEmpty() ? "$" : ",$") +
                        QByteArray::number(static_cast<qsizetype>(lists.parameters.size())) + "::" + type + "[]";
        lists.names += name + ',';
    };
    add(keys, "text", "wt_k");
    for (size_t i = 0; i < wishes.front().fields.size(); ++i) {
        std::vector<Value> values, ms, n;
        for (const RowWish &wish : wishes) {
            values.push_back(wish.fields[i].value);
            ms.emplace_back(QByteArray::number(wish.fields[i].position.ms));
            n.emplace_back(QByteArray::number(wish.fields[i].position.n));
        }
        add(values, "text", numbered("wt_v", i));
        add(ms, "bigint", numbered("wt_ms", i));
        add(n, "bigint", numbered("wt_s", i));
    }
    return lists;
}

PgStatement MessageStatements::apply(const OpId &op, std::span<const RowWish> wishes) const
{
    // Rows are locked in the order of their keys, so that batches do not deadlock, and the gate of a row (g) is only
    // touched under its lock. What g let through is asked of a hashed list: joined, PostgreSQL would compare each with
    // each. The row is taken from the table itself again, as it may have changed while its lock was waited for.
    Lists lists = listsOf(wishes, {op.uuid.toByteArray(QUuid::WithoutBraces)});
    const std::vector<FieldWish> &fields = wishes.front().fields;
    QByteArray gates, passed, any, sets, told;
    for (size_t i = 0; i < fields.size(); ++i) {
        const QByteArray literal = fieldLiteral(column(fields[i]));
        const QByteArray name = quotedIdentifier(column(fields[i]).name);
        const QByteArray pass = numbered("wt_g", i);
        gates += (i == 0 ? " SELECT " : " UNION ALL SELECT ") + m_label + ',' + m_stream + ",l.wt_id," + literal +
                 ",l." + numbered("wt_ms", i) + ",l." + numbered("wt_s", i) + " FROM l";
        passed += ",l.wt_id IN (SELECT g.id FROM g WHERE g.field=" + literal + ") AS " + pass;
        any += (i == 0 ? "p." : " OR p.") + pass;
        sets += name + "=CASE WHEN p." + pass + " THEN p." + numbered("wt_v", i) +
                "::" + column(fields[i]).castName.toUtf8() + " ELSE u." + name + " END,";
        told += ",p." + pass + "::text";
    }
    return {"WITH o AS MATERIALIZED (SELECT set_config('wt.op',$1,true) AS op),"
            "t AS MATERIALIZED (SELECT x.wt_k" +
                m_keyCast + " AS wt_key,x.* FROM o,unnest(" + lists.arrays + ") WITH ORDINALITY x(" + lists.names +
                "wt_n) WHERE o.op IS NOT NULL),l AS MATERIALIZED (SELECT u." + m_key + "::text AS wt_id,t.* FROM " +
                m_rows.table() + " u JOIN t ON u." + m_key + "=t.wt_key ORDER BY u." + m_key +
                " FOR UPDATE OF u),g AS (INSERT INTO " + m_schemaPrefix + "wt_applied AS a(tbl,stream,id,field,ms,n)" +
                gates +
                " ON CONFLICT (tbl,stream,id,field) DO UPDATE SET ms=excluded.ms,n=excluded.n"
                " WHERE (excluded.ms,excluded.n)>(a.ms,a.n) RETURNING a.id,a.field),"
                "p AS MATERIALIZED (SELECT l.*" +
                passed + " FROM l),up AS (UPDATE " + m_rows.table() + " u SET " + sets + "version=nextval(" +
                quotedLiteral(m_schemaPrefix + "wt_version_seq") + ") FROM p WHERE u." + m_key + "=p.wt_key AND (" +
                any + ") RETURNING " + m_rows.selectList() + told + ",p.wt_n::text AS wt_n) SELECT * FROM up" +
                unlessKept(any, fields.size()),
            std::move(lists.parameters), Reuse::Often};
}

/// A row that was let through and not written, because a trigger skipped it, takes the gate back with it: else its
/// message would count as applied.
QByteArray MessageStatements::unlessKept(const QByteArray &any, size_t wishedFields) const
{
    QByteArray nothing;
    for (size_t i = 0; i < m_mapping.fields.size() + 2 + wishedFields; ++i)
        nothing += "NULL::text,";
    return " UNION ALL SELECT " + nothing + m_schemaPrefix + "wt_kept() WHERE EXISTS (SELECT FROM p WHERE (" + any +
           ") AND p.wt_n::text NOT IN (SELECT wt_n FROM up))";
}

PgStatement MessageStatements::look(std::span<const RowWish> wishes) const
{
    Lists lists = listsOf(wishes, {});
    const std::vector<FieldWish> &fields = wishes.front().fields;
    QByteArray seen;
    for (size_t i = 0; i < fields.size(); ++i) {
        seen += (i == 0 ? "EXISTS (SELECT FROM " : " AND EXISTS (SELECT FROM ") + m_schemaPrefix +
                "wt_applied a WHERE a.tbl=" + m_label + " AND a.stream=" + m_stream + " AND a.id=(x.wt_k" + m_keyCast +
                ")::text AND a.field=" + fieldLiteral(column(fields[i])) + " AND (a.ms,a.n)>=(x." +
                numbered("wt_ms", i) + ",x." + numbered("wt_s", i) + "))";
    }
    return {"SELECT " + m_rows.selectList() + ",(" + seen + ")::text,x.wt_n::text FROM unnest(" + lists.arrays +
                ") WITH ORDINALITY x(" + lists.names + "wt_n) LEFT JOIN " + m_rows.table() + " ON " + m_rows.table() +
                '.' + m_key + "=x.wt_k" + m_keyCast,
            std::move(lists.parameters), Reuse::Often};
}

} // namespace throughline
