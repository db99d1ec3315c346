// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/stagedstatements.h"

#include <QCoreApplication>

namespace throughline {

namespace {

QByteArray parameter(size_t number)
{
    return '$' + QByteArray::number(static_cast<qulonglong>(number));
}

QByteArray column(size_t number)
{
    return 'c' + QByteArray::number(static_cast<qulonglong>(number));
}

QByteArray valueName(size_t number)
{
    return "wt_v" + QByteArray::number(static_cast<qulonglong>(number));
}

/// One value of each write as an array parameter.
template <typename Projection>
Value arrayOf(std::span<const StagedWrite> writes, Projection project)
{
    std::vector<Value> values;
    values.reserve(writes.size());
    for (const StagedWrite &write : writes)
        values.push_back(project(write));
    return arrayLiteral(values);
}

Value idOf(const StagedWrite &write)
{
    return write.id.uuid.toByteArray(QUuid::WithoutBraces);
}

Value baseOf(const StagedWrite &write)
{
    return write.base ? Value(QByteArray::number(write.base->number)) : Value();
}

/// What a client has written, as far as PostgreSQL takes it for text.
QByteArray asText(const QByteArray &bytes)
{
    return QString::fromUtf8(bytes).toUtf8().replace('\0', "\xef\xbf\xbd");
}

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(StagedStatements)
};

Value spellingFailure()
{
    return failureText(StagedRefusal::Key,
                       Words::tr("PostgreSQL writes this key in another way; stage the write under that name."))
        .toUtf8();
}

Value conflictFailure()
{
    return failureText(StagedRefusal::Conflict, Words::tr("The row does not have the version that the write names."))
        .toUtf8();
}

} // namespace

StagedStatements::StagedStatements(const Mapping &mapping)
    : m_mapping(mapping)
    , m_table(quotedIdentifier(mapping.schema) + '.' + quotedIdentifier(mapping.table))
    , m_key(quotedIdentifier(mapping.key.name))
    , m_keyCast("::" + mapping.key.castName.toUtf8())
    , m_label(quotedLiteral(mapping.config.label.toUtf8()))
    , m_schemaPrefix(quotedIdentifier(mapping.protocolSchema) + '.')
    , m_nextVersion("nextval(" + quotedLiteral(m_schemaPrefix + "wt_version_seq") + ")")
{
}

QByteArray StagedStatements::fieldName(int field) const
{
    return quotedIdentifier(m_mapping.fields[static_cast<size_t>(field)].column.name);
}

/// The select list of PgStatements::rowOf with a name for each column.
QByteArray StagedStatements::rowOf(const QByteArray &alias) const
{
    QByteArray list = alias + '.' + m_key + "::text AS c0," + alias + ".version::text AS c1";
    for (size_t i = 0; i < m_mapping.fields.size(); ++i)
        list += ',' + alias + '.' + fieldName(static_cast<int>(i)) + "::text AS " + column(i + 2);
    return list;
}

QByteArray StagedStatements::noRow(const QByteArray &key, const QByteArray &version) const
{
    QByteArray list = key + "::text," + version + "::text";
    for (size_t i = 0; i < m_mapping.fields.size(); ++i)
        list += ",NULL::text";
    return list;
}

PgStatement StagedStatements::apply(const OpId &statement, std::span<const StagedWrite> writes) const
{
    const StagedWrite &first = writes.front();
    std::vector<Value> parameters{statement.uuid.toByteArray(QUuid::WithoutBraces),
                                  arrayOf(writes, idOf),
                                  arrayOf(writes, [](const StagedWrite &write) { return Value(write.key.text); }),
                                  arrayOf(writes, [](const StagedWrite &write) { return Value(write.uuid); }),
                                  arrayOf(writes, baseOf),
                                  spellingFailure(),
                                  conflictFailure()};
    QByteArray arrays, names;
    const size_t values = first.op == StagedOp::Upsert ? first.changes.size() : 0;
    for (size_t i = 0; i < values; ++i) {
        parameters.push_back(arrayOf(writes, [i](const StagedWrite &write) { return write.changes[i].value; }));
        arrays += ',' + parameter(parameters.size()) + "::text[]";
        names += ',' + valueName(i);
    }
    // The operation of the outbox row is that of the statement; the writes are told apart by their own verdicts.
    const QByteArray input = "WITH o AS MATERIALIZED (SELECT set_config('wt.op',$1,true) AS op),"
                             "t AS MATERIALIZED (SELECT x.wt_k" +
                             m_keyCast + " AS wt_key,x.* FROM o,unnest($2::uuid[],$3::text[],$4::text[],$5::bigint[]" +
                             arrays + ") WITH ORDINALITY x(wt_id,wt_k,wt_ack,wt_base" + names +
                             ",wt_n) WHERE o.op IS NOT NULL),";
    // Locks are taken in the order of the keys, so that batches do not deadlock.
    const QByteArray locked = "l AS MATERIALIZED (SELECT t.* FROM " + m_table + " u JOIN t ON u." + m_key +
                              "=t.wt_key JOIN v ON v.op_id=t.wt_id WHERE v.status='done' ORDER BY u." + m_key +
                              " FOR UPDATE OF u),";
    return {input + verdicts(first.op) + locked + (first.op == StagedOp::Upsert ? upsert(first.changes) : remove()) +
                answeredBefore() + " UNION ALL SELECT " + noRow("NULL", "NULL") +
                ",t.wt_n::text,v.status,v.err,'now' FROM t JOIN v ON v.op_id=t.wt_id WHERE v.status<>'done'",
            std::move(parameters), Reuse::Often};
}

QByteArray StagedStatements::verdicts(StagedOp op) const
{
    // Whether the base is still there is asked again when the row is locked; here it decides what is written down.
    return "v AS (INSERT INTO " + m_schemaPrefix + "wt_staged(op_id,tbl,id,ack,what,status,err) SELECT c.wt_id," +
           m_label + ",c.wt_k,c.wt_ack,'" + static_cast<char>(op) +
           "',CASE WHEN c.wt_err IS NULL THEN 'done' ELSE 'failed' END,c.wt_err FROM (SELECT t.*,CASE"
           " WHEN t.wt_key::text<>t.wt_k THEN $6::text WHEN t.wt_base IS NOT NULL AND NOT EXISTS (SELECT FROM " +
           m_table + " u WHERE u." + m_key +
           "=t.wt_key AND u.version=t.wt_base) THEN $7::text END AS wt_err FROM t) c"
           " ON CONFLICT DO NOTHING RETURNING op_id,status,err),";
}

QByteArray StagedStatements::upsert(std::span<const FieldChange> fields) const
{
    QByteArray sets, columns, values;
    for (size_t i = 0; i < fields.size(); ++i) {
        const QByteArray name = fieldName(fields[i].field);
        const QByteArray cast = "::" + m_mapping.fields[static_cast<size_t>(fields[i].field)].column.castName.toUtf8();
        sets += name + "=l." + valueName(i) + cast + ',';
        columns += ',' + name;
        values += ",n." + valueName(i) + cast;
    }
    const QByteArray overriding = m_mapping.key.generated ? " OVERRIDING SYSTEM VALUE" : "";
    QByteArray all;
    for (size_t i = 0; i < m_mapping.fields.size() + 2; ++i)
        all += column(i) + ',';
    return "up AS (UPDATE " + m_table + " u SET " + sets + "version=" + m_nextVersion + " FROM l WHERE u." + m_key +
           "=l.wt_key AND (l.wt_base IS NULL OR u.version=l.wt_base) RETURNING " + rowOf("u") +
           ",l.wt_n),n AS MATERIALIZED (SELECT t.* FROM t JOIN v ON v.op_id=t.wt_id WHERE v.status='done'"
           " AND t.wt_base IS NULL AND NOT EXISTS (SELECT FROM " +
           m_table + " u WHERE u." + m_key + "=t.wt_key)),ins AS (INSERT INTO " + m_table + " AS u(" + m_key + columns +
           ')' + overriding + " SELECT n.wt_key" + values + " FROM n RETURNING " + rowOf("u") + ") SELECT " + all +
           "wt_n::text,'done',NULL,'now' FROM up UNION ALL SELECT " + all +
           "t.wt_n::text,'done',NULL,'now' FROM ins JOIN t ON ins.c0=t.wt_k UNION ALL SELECT " + noRow("NULL", "NULL") +
           ',' + m_schemaPrefix +
           "wt_kept(),NULL,NULL,NULL WHERE EXISTS (SELECT FROM l WHERE l.wt_base IS NULL AND l.wt_n NOT IN (SELECT wt_n"
           " FROM up)) OR EXISTS (SELECT FROM n WHERE n.wt_k NOT IN (SELECT c0 FROM ins)) UNION ALL SELECT " +
           noRow("NULL", "NULL") + ',' + m_schemaPrefix +
           "wt_again(),NULL,NULL,NULL WHERE (SELECT count(*) FROM v WHERE status='done')"
           "<>(SELECT count(*) FROM up)+(SELECT count(*) FROM ins) UNION ALL ";
}

QByteArray StagedStatements::remove() const
{
    // A row that is not there is deleted as well as one that is; but one of a named version has to be that one.
    return "del AS (DELETE FROM " + m_table + " u USING l WHERE u." + m_key +
           "=l.wt_key AND (l.wt_base IS NULL OR u.version=l.wt_base) RETURNING u." + m_key +
           "::text AS k,u.version,l.wt_n) SELECT " + noRow("coalesce(del.k,t.wt_k)", "del.version") +
           ",t.wt_n::text,'done',NULL,'now' FROM t JOIN v ON v.op_id=t.wt_id LEFT JOIN del ON del.wt_n=t.wt_n"
           " WHERE v.status='done' UNION ALL SELECT " +
           noRow("NULL", "NULL") + ',' + m_schemaPrefix +
           "wt_kept(),NULL,NULL,NULL WHERE EXISTS (SELECT FROM l WHERE l.wt_base IS NULL AND l.wt_n NOT IN (SELECT wt_n"
           " FROM del)) UNION ALL SELECT " +
           noRow("NULL", "NULL") + ',' + m_schemaPrefix +
           "wt_again(),NULL,NULL,NULL WHERE EXISTS (SELECT FROM t JOIN v ON v.op_id=t.wt_id WHERE v.status='done'"
           " AND t.wt_base IS NOT NULL AND NOT EXISTS (SELECT FROM del WHERE del.wt_n=t.wt_n)) UNION ALL ";
}

/// One look by index for each write: joined in the plain way, a plan that was made while there were few verdicts would
/// read them all.
QByteArray StagedStatements::verdictOf() const
{
    return " CROSS JOIN LATERAL (SELECT o.status,o.err FROM " + m_schemaPrefix +
           "wt_staged o WHERE o.op_id=t.wt_id OFFSET 0) s";
}

QByteArray StagedStatements::answeredBefore() const
{
    return "SELECT " + rowOf("u") + ",t.wt_n::text,s.status,s.err,'before' FROM t" + verdictOf() + " LEFT JOIN " +
           m_table + " u ON u." + m_key + "=t.wt_key";
}

PgStatement StagedStatements::fail(std::span<const StagedWrite> writes) const
{
    std::vector<Value> parameters{
        arrayOf(writes, idOf), arrayOf(writes, [](const StagedWrite &write) { return Value(asText(write.key.text)); }),
        arrayOf(writes, [](const StagedWrite &write) { return Value(write.uuid); }),
        arrayOf(writes, [](const StagedWrite &write) { return Value(QByteArray(1, static_cast<char>(write.op))); }),
        arrayOf(writes, [](const StagedWrite &write) {
            return Value(asText(failureText(write.refusal, write.reason).toUtf8()));
        })};
    return {"WITH t AS MATERIALIZED (SELECT * FROM unnest($1::uuid[],$2::text[],$3::text[],$4::text[],$5::text[])"
            " WITH ORDINALITY x(wt_id,wt_k,wt_ack,wt_what,wt_err,wt_n)),v AS (INSERT INTO " +
                m_schemaPrefix + "wt_staged(op_id,tbl,id,ack,what,status,err) SELECT wt_id," + m_label +
                ",wt_k,wt_ack,wt_what::\"char\",'failed',wt_err FROM t ON CONFLICT DO NOTHING RETURNING op_id)"
                " SELECT t.wt_n::text,'failed',t.wt_err FROM t JOIN v ON v.op_id=t.wt_id"
                " UNION ALL SELECT t.wt_n::text,s.status,s.err FROM t" +
                verdictOf(),
            std::move(parameters), Reuse::Often};
}

PgStatement StagedStatements::lockedKeys(std::span<const StagedWrite> writes) const
{
    const QByteArray these = " WHERE u." + m_key + "=ANY($1::text[]" + m_keyCast + "[])";
    return {"WITH f AS MATERIALIZED (SELECT u." + m_key + " AS k FROM " + m_table + " u" + these +
                " FOR UPDATE SKIP LOCKED) SELECT u." + m_key + "::text FROM " + m_table + " u" + these +
                " AND NOT EXISTS (SELECT FROM f WHERE f.k=u." + m_key + ')',
            {arrayOf(writes, [](const StagedWrite &write) { return Value(write.key.text); })}};
}

} // namespace throughline
