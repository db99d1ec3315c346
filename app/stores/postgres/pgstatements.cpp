// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/pgstatements.h"

#include "base/faultpoint.h"

namespace throughline {

namespace {

QByteArray parameter(int number)
{
    return '$' + QByteArray::number(number);
}

QByteArray likePattern(const QString &contains)
{
    QByteArray text = contains.toUtf8();
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    return '%' + text + '%';
}

} // namespace

QByteArray quotedIdentifier(const QString &name)
{
    return '"' + name.toUtf8().replace('"', "\"\"") + '"';
}

QByteArray quotedLiteral(const QByteArray &text)
{
    // The E form does not depend on standard_conforming_strings.
    QByteArray escaped = text;
    escaped.replace('\\', "\\\\").replace('\'', "''");
    return (text.contains('\\') ? "E'" : "'") + escaped + '\'';
}

QByteArray arrayLiteral(std::span<const Value> elements)
{
    QByteArray literal = "{";
    for (const Value &element : elements) {
        if (literal.size() > 1)
            literal += ',';
        if (!element) {
            literal += "NULL";
            continue;
        }
        QByteArray escaped = *element;
        escaped.replace('\\', "\\\\").replace('"', "\\\"");
        literal += '"' + escaped + '"';
    }
    return literal + '}';
}

QByteArray arrayLiteral(const std::vector<RowKey> &keys)
{
    std::vector<Value> elements;
    elements.reserve(keys.size());
    for (const RowKey &key : keys)
        elements.emplace_back(key.text);
    return arrayLiteral(elements);
}

QByteArray arrayLiteral(const QByteArrayList &texts)
{
    const std::vector<Value> elements(texts.begin(), texts.end());
    return arrayLiteral(elements);
}

PgStatements::PgStatements(const Mapping &mapping)
    : m_mapping(mapping)
    , m_table(quotedIdentifier(mapping.schema) + '.' + quotedIdentifier(mapping.table))
    , m_key(quotedIdentifier(mapping.key.name))
    , m_order(" ORDER BY " + m_table + '.' + m_key)
    , m_keyCast("::" + mapping.key.castName.toUtf8())
    , m_schemaPrefix(quotedIdentifier(mapping.protocolSchema) + '.')
    , m_nextVersion("nextval(" + quotedLiteral(m_schemaPrefix + "wt_version_seq") + ")")
    , m_selectList(m_key + "::text,version::text")
{
    for (size_t i = 0; i < m_mapping.fields.size(); ++i)
        m_selectList += ',' + fieldName(static_cast<int>(i)) + "::text";
}

QByteArray PgStatements::fieldName(int field) const
{
    return quotedIdentifier(m_mapping.fields[static_cast<size_t>(field)].column.name);
}

PgStatement PgStatements::update(const Edit &edit) const
{
    // No cast on the values: as unknown parameters they take the column's type, and a too long one is refused, not cut.
    QByteArray sets;
    std::vector<Value> parameters{edit.key.text, QByteArray::number(edit.base.number),
                                  edit.op.uuid.toByteArray(QUuid::WithoutBraces)};
    for (const FieldChange &change : edit.changes) {
        parameters.push_back(change.value);
        sets += fieldName(change.field) + '=' + parameter(static_cast<int>(parameters.size())) + ',';
    }
    // Only in the SET list it is drawn again after a wait for the row's lock.
    const QByteArray drawn =
        isMutated(Mutation::NextvalFrom) ? "v.n FROM (SELECT " + m_nextVersion + " AS n OFFSET 0) v" : m_nextVersion;
    return {"UPDATE " + m_table + " SET " + sets + "version=" + drawn + " WHERE " + m_key + "=$1" + m_keyCast +
                " AND version=$2::bigint AND (SELECT set_config('wt.op',$3,true)) IS NOT NULL RETURNING " +
                m_selectList,
            std::move(parameters), Reuse::Often};
}

PgStatement PgStatements::updateMany(const OpId &op, std::span<const Edit> edits) const
{
    // Locks are taken in the order of the keys, so that batches do not deadlock. The locking part hands the values on:
    // joined with them a second time, PostgreSQL compares each row with each, as it expects a single one. Texts are
    // cast one by one: a cast of the array would flatten a column that is an array itself.
    std::vector<Value> keys, bases;
    for (const Edit &edit : edits) {
        keys.emplace_back(edit.key.text);
        bases.emplace_back(QByteArray::number(edit.base.number));
    }
    std::vector<Value> parameters{op.uuid.toByteArray(QUuid::WithoutBraces), arrayLiteral(keys), arrayLiteral(bases)};
    QByteArray arrays, names, sets;
    for (size_t i = 0; i < edits.front().changes.size(); ++i) {
        const int field = edits.front().changes[i].field;
        std::vector<Value> values;
        for (const Edit &edit : edits)
            values.push_back(edit.changes[i].value);
        parameters.emplace_back(arrayLiteral(values));
        const QByteArray name = "wt_v" + QByteArray::number(static_cast<qsizetype>(i));
        arrays += ',' + parameter(static_cast<int>(parameters.size())) + "::text[]";
        names += ',' + name;
        sets += fieldName(field) + "=l." + name +
                "::" + m_mapping.fields[static_cast<size_t>(field)].column.castName.toUtf8() + ',';
    }
    return {"WITH o AS MATERIALIZED (SELECT set_config('wt.op',$1,true) AS op),"
            "t AS MATERIALIZED (SELECT x.wt_k" +
                m_keyCast + " AS wt_key,x.* FROM o,unnest($2::text[],$3::bigint[]" + arrays +
                ") WITH ORDINALITY x(wt_k,wt_base" + names +
                ",wt_n) WHERE o.op IS NOT NULL),l AS MATERIALIZED (SELECT t.* FROM " + m_table + " u JOIN t ON u." +
                m_key + "=t.wt_key ORDER BY u." + m_key + " FOR UPDATE OF u) UPDATE " + m_table + " u SET " + sets +
                "version=" + m_nextVersion + " FROM l WHERE u." + m_key +
                "=l.wt_key AND u.version=l.wt_base RETURNING " + m_selectList + ",l.wt_n::text",
            std::move(parameters), Reuse::Often};
}

PgStatement PgStatements::touch(const OpId &op, const RowKey &key, RowVersion base) const
{
    // Without waiting for a lock: who holds it may be the late attempt itself, or somebody who takes his time.
    return {
        "WITH l AS MATERIALIZED (SELECT " + m_key + " AS wt_locked FROM " + m_table + " WHERE " + m_key + "=$1" +
            m_keyCast + " AND version=$2::bigint FOR UPDATE NOWAIT) UPDATE " + m_table +
            " u SET version=" + m_nextVersion + " FROM l WHERE u." + m_key +
            "=l.wt_locked AND u.version=$2::bigint AND (SELECT set_config('wt.op',$3,true)) IS NOT NULL RETURNING " +
            m_selectList,
        {key.text, QByteArray::number(base.number), op.uuid.toByteArray(QUuid::WithoutBraces)}};
}

PgStatement PgStatements::insert(const Edit &edit) const
{
    QByteArray columns = m_key;
    QByteArray values = "$2" + m_keyCast;
    std::vector<Value> parameters{edit.op.uuid.toByteArray(QUuid::WithoutBraces), edit.key.text};
    for (const FieldChange &change : edit.changes) {
        parameters.push_back(change.value);
        const auto &column = m_mapping.fields[static_cast<size_t>(change.field)].column;
        columns += ',' + fieldName(change.field);
        values += ',' + parameter(static_cast<int>(parameters.size())) + "::" + column.castName.toUtf8();
    }
    const QByteArray overriding = m_mapping.key.generated ? " OVERRIDING SYSTEM VALUE" : "";
    return {
        "WITH op AS (INSERT INTO " + m_schemaPrefix + "wt_staged(op_id,tbl,id,status) SELECT ($1::text)::uuid," +
            quotedLiteral(m_mapping.config.label.toUtf8()) +
            ",$2::text,'done' WHERE set_config('wt.op',$1::text,true) IS NOT NULL ON CONFLICT DO NOTHING RETURNING 1)" +
            " INSERT INTO " + m_table + '(' + columns + ')' + overriding + " SELECT " + values + " FROM op RETURNING " +
            m_selectList,
        std::move(parameters), Reuse::Often};
}

PgStatement PgStatements::remove(const Edit &edit) const
{
    return {"DELETE FROM " + m_table + " WHERE " + m_key + "=$1" + m_keyCast +
                " AND version=$2::bigint AND (SELECT set_config('wt.op',$3,true)) IS NOT NULL RETURNING " + m_key +
                "::text,version::text",
            {edit.key.text, QByteArray::number(edit.base.number), edit.op.uuid.toByteArray(QUuid::WithoutBraces)},
            Reuse::Often};
}

PgStatement PgStatements::canonicalKey(const RowKey &typed) const
{
    return {"SELECT ($1" + m_keyCast + ")::text", {typed.text}};
}

PgStatement PgStatements::nextKeys(int count) const
{
    return {"SELECT (" + m_mapping.keyDefault.toUtf8() + ")::text FROM generate_series(1,$1::int)",
            {QByteArray::number(count)},
            Reuse::Often};
}

PgStatement PgStatements::rowByKey(const RowKey &key) const
{
    return {"SELECT " + m_selectList + " FROM " + m_table + " WHERE " + m_key + "=$1" + m_keyCast,
            {key.text},
            Reuse::Often};
}

PgStatement PgStatements::rowsByKeys(const std::vector<RowKey> &keys) const
{
    return {"SELECT " + m_selectList + " FROM " + m_table + " WHERE " + m_key + "=ANY($1::text[]" + m_keyCast + "[])",
            {arrayLiteral(keys)},
            Reuse::Often};
}

PgStatements::Condition PgStatements::searchCondition(const QString &contains, int firstParameter) const
{
    if (contains.isEmpty())
        return {" true", {}};
    QByteArray sql;
    for (size_t i = 0; i < m_mapping.fields.size(); ++i) {
        const Field &field = m_mapping.fields[i];
        if (field.column.kind != ColumnKind::Text || field.secret)
            continue;
        sql += (sql.isEmpty() ? QByteArray(" (") : QByteArray(" OR ")) + fieldName(static_cast<int>(i)) + " ILIKE " +
               parameter(firstParameter);
    }
    if (sql.isEmpty())
        return {" false", {}};
    return {sql + ')', {likePattern(contains)}};
}

PgStatement PgStatements::page(const RowKey &from, const std::optional<RowKey> &before, const QString &contains,
                               int most) const
{
    std::vector<Value> parameters{from.text};
    QByteArray range = m_key + ">=$1" + m_keyCast;
    if (before) {
        parameters.emplace_back(before->text);
        range += " AND " + m_key + "<$2" + m_keyCast;
    }
    const Condition search = searchCondition(contains, static_cast<int>(parameters.size()) + 1);
    parameters.insert(parameters.end(), search.parameters.begin(), search.parameters.end());
    return {"SELECT " + m_selectList + " FROM " + m_table + " WHERE " + range + " AND" + search.sql + m_order +
                " LIMIT " + QByteArray::number(most),
            std::move(parameters)};
}

PgStatement PgStatements::firstPage(int rows, const QString &contains) const
{
    const Condition search = searchCondition(contains, 1);
    return {"SELECT " + m_selectList + " FROM " + m_table + " WHERE" + search.sql + m_order + " LIMIT " +
                QByteArray::number(rows),
            search.parameters};
}

PgStatement PgStatements::pageIndex(int pageSize, const QString &contains) const
{
    const Condition search = searchCondition(contains, 1);
    return {"SELECT k::text FROM (SELECT " + m_key + " AS k,row_number() OVER (ORDER BY " + m_key + ") AS n FROM " +
                m_table + " WHERE" + search.sql + ") s WHERE n % " + QByteArray::number(pageSize) + "=1 ORDER BY s.k",
            search.parameters};
}

PgStatement PgStatements::countFrom(const RowKey &from, const QString &contains) const
{
    const Condition search = searchCondition(contains, 2);
    std::vector<Value> parameters{from.text};
    parameters.insert(parameters.end(), search.parameters.begin(), search.parameters.end());
    return {"SELECT count(*)::text FROM " + m_table + " WHERE " + m_key + ">=$1" + m_keyCast + " AND" + search.sql,
            std::move(parameters)};
}

PgStatement PgStatements::count() const
{
    return {"SELECT count(*)::text FROM " + m_table, {}};
}

PgStatement PgStatements::estimatedCount() const
{
    return {"SELECT greatest(reltuples,0)::bigint::text FROM pg_class WHERE oid=" + quotedLiteral(m_table) +
                "::regclass",
            {}};
}

PgStatement PgStatements::keyVersionsAfter(const std::optional<RowKey> &after, int rows) const
{
    return selectAfter(m_key + "::text,version::text", after, rows);
}

PgStatement PgStatements::rowsAfter(const std::optional<RowKey> &after, int rows) const
{
    return selectAfter(m_selectList, after, rows);
}

PgStatement PgStatements::selectAfter(const QByteArray &list, const std::optional<RowKey> &after, int rows) const
{
    const QByteArray limit = m_order + " LIMIT " + QByteArray::number(rows);
    const QByteArray select = "SELECT " + list + " FROM " + m_table;
    if (!after)
        return {select + limit, {}};
    return {select + " WHERE " + m_key + ">$1" + m_keyCast + limit, {after->text}, Reuse::Often};
}

PgStatement PgStatements::keysWithoutRow(const std::vector<RowKey> &keys) const
{
    // A name such as 007 is the key of a row, but no hash of it: that has the name PostgreSQL prints.
    return {"SELECT wt_names.name FROM unnest($1::text[]) AS wt_names(name) WHERE NOT EXISTS (SELECT FROM " + m_table +
                " WHERE " + m_table + '.' + m_key + "=wt_names.name" + m_keyCast + " AND " + m_table + '.' + m_key +
                "::text=wt_names.name)",
            {arrayLiteral(keys)},
            Reuse::Often};
}

Row PgStatements::rowOf(const PgResult &result, int index) const
{
    Row row;
    row.key = {result.text(index, 0)};
    row.version = {result.text(index, 1).toLongLong()};
    row.values.reserve(m_mapping.fields.size());
    for (int field = 0; field < static_cast<int>(m_mapping.fields.size()); ++field)
        row.values.push_back(result.value(index, 2 + field));
    return row;
}

} // namespace throughline
