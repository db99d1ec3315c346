// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/keysequence.h"

#include "base/logging.h"
#include "stores/postgres/pgstatements.h"

#include <algorithm>

namespace throughline {

namespace {

/// A step so far is made by drawing, which can only rise; a longer one by setting it, in a moment in which nobody else
/// draws as many.
constexpr qint64 longestDraw = 10'000;

} // namespace

KeySequence::KeySequence(PgConnection &connection, const Mapping &mapping)
    : m_connection(connection)
    , m_table(quotedIdentifier(mapping.schema) + '.' + quotedIdentifier(mapping.table))
    , m_keyColumn(mapping.key.name.toUtf8())
    , m_isInteger(mapping.key.kind == ColumnKind::Integer)
{
}

void KeySequence::reached(const RowKey &key)
{
    m_reached = std::max(m_reached, key.text.toLongLong());
}

Result<void> KeySequence::raiseTo(const RowKey &key, Instant deadline)
{
    bool isNumber = false;
    const qint64 number = key.text.toLongLong(&isNumber);
    if (!m_isInteger || !isNumber || number <= m_reached)
        return {};
    if (const auto found = find(deadline); !found || m_name->isEmpty())
        return found;
    if (number >= m_highest) {
        qCWarning(lcEngine, "A row has the last key that its sequence can give; the sequence is left where it is.");
        return {};
    }
    auto raised = look(deadline);
    if (raised && number > m_reached)
        raised = raise(number, deadline);
    if (!raised && raised.error().kind == ErrorKind::PermissionDenied) {
        m_name = QByteArray();
        return {};
    }
    return raised;
}

/// Only one that counts by ones: the default of the key, or its identity.
Result<void> KeySequence::find(Instant deadline)
{
    if (m_name)
        return {};
    const auto result = m_connection.run(
        {"SELECT s.seqrelid::regclass::text,s.seqmax::text FROM pg_sequence s JOIN pg_attribute a ON "
         "a.attrelid=$1::text::regclass"
         " AND a.attname=$2::text WHERE s.seqincrement=1 AND (s.seqrelid=pg_get_serial_sequence($1,$2)::regclass"
         " OR s.seqrelid IN (SELECT d.refobjid FROM pg_attrdef f JOIN pg_depend d ON d.classid='pg_attrdef'::regclass"
         " AND d.objid=f.oid AND d.refclassid='pg_class'::regclass"
         " WHERE f.adrelid=a.attrelid AND f.adnum=a.attnum)) LIMIT 1",
         {m_table, m_keyColumn}},
        deadline);
    if (!result)
        return Failure(result.error());
    m_name = result->rows() > 0 ? result->text(0, 0) : QByteArray();
    m_highest = result->rows() > 0 ? result->text(0, 1).toLongLong() : 0;
    return {};
}

Result<void> KeySequence::look(Instant deadline)
{
    const auto result = m_connection.run(
        {"SELECT (CASE WHEN is_called THEN last_value ELSE last_value-1 END)::text FROM " + *m_name, {}}, deadline);
    if (!result)
        return Failure(result.error());
    m_reached = result->text(0, 0).toLongLong();
    return {};
}

Result<void> KeySequence::raise(qint64 key, Instant deadline)
{
    const QByteArray name = quotedLiteral(*m_name);
    const qint64 step = key - m_reached;
    const QByteArray target = QByteArray::number(key);
    // As one transaction: of two that look at the same time neither may lower what the other has set.
    const auto result =
        step <= longestDraw
            ? m_connection.run({"SELECT max(nextval(" + name + "))::text FROM generate_series(1,$1::bigint)",
                                {QByteArray::number(step)}},
                               deadline)
            : m_connection.runScript("SELECT pg_advisory_xact_lock(7462,0);SELECT setval(" + name + ',' + target +
                                         ") FROM " + *m_name + " WHERE last_value<" + target,
                                     deadline);
    if (!result)
        return Failure(result.error());
    m_reached = key;
    return {};
}

} // namespace throughline
