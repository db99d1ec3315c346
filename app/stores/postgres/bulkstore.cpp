// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/bulkstore.h"

#include "stores/postgres/binaryarray.h"
#include "stores/postgres/pgstatements.h"

#include <charconv>

namespace throughline {

namespace {

using Element = BinaryArray::Element;

Element elementOf(const ColumnInfo &column)
{
    if (column.kind != ColumnKind::Integer)
        return Element::Text;
    return column.bytes == 2 ? Element::Int2 : column.bytes == 4 ? Element::Int4 : Element::Int8;
}

bool fits(qint64 number, Element element)
{
    switch (element) {
    case Element::Int2:
        return number == static_cast<qint16>(number);
    case Element::Int4:
        return number == static_cast<qint32>(number);
    default:
        return true;
    }
}

std::optional<qint64> numberIn(QByteArrayView text, Element element)
{
    qint64 number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !fits(number, element))
        return std::nullopt;
    return number;
}

/// What stands at `first`, `first + step`, ...; text when one of them is no number, and then PostgreSQL judges it.
struct Column
{
    Element element;
    QByteArray bytes;
};

Column columnOf(const TextBlock &values, size_t first, size_t step, Element element)
{
    BinaryArray array(element, values.size() / step);
    for (size_t i = first; i < values.size(); i += step) {
        if (values.isNull(i)) {
            array.addNull();
        } else if (element == Element::Text) {
            array.add(values.at(i));
        } else if (const auto number = numberIn(values.at(i), element)) {
            array.add(*number);
        } else {
            return columnOf(values, first, step, Element::Text);
        }
    }
    return {element, array.bytes()};
}

QByteArray parameter(size_t number)
{
    return '$' + QByteArray::number(static_cast<qsizetype>(number));
}

QByteArray name(size_t number)
{
    return "wt_v" + QByteArray::number(static_cast<qsizetype>(number));
}

} // namespace

BulkStore::BulkStore(PgConnection &connection, const Mapping &mapping)
    : m_connection(connection)
    , m_mapping(mapping)
{
}

Result<void> BulkStore::tune(Instant deadline)
{
    // The plan is kept. A loop over the sorted keys is then the only way to join, so that rows are locked in the order
    // of their keys, as every batch does it: two of them cannot deadlock.
    const auto set = m_connection.runScript("SET plan_cache_mode=force_generic_plan;SET enable_hashjoin=off;"
                                            "SET enable_mergejoin=off;SET enable_seqscan=off;SET jit=off",
                                            deadline);
    if (!set)
        return Failure(set.error());
    return {};
}

Result<void> BulkStore::send(const BulkUpdate &update, Instant deadline)
{
    return m_connection.send(statementOf(update), deadline);
}

PgStatement BulkStore::statementOf(const BulkUpdate &update) const
{
    BinaryArray bases(Element::Int8, update.rows());
    for (const RowVersion base : update.bases)
        bases.add(base.number);
    std::vector<Column> columns{columnOf(update.keys, 0, 1, elementOf(m_mapping.key))};
    for (size_t i = 0; i < update.fields.size(); ++i)
        columns.push_back(columnOf(update.values, i, update.fields.size(), elementOf(field(update.fields[i]).column)));

    PgStatement statement;
    statement.reuse = Reuse::Often;
    statement.arrays = statement.results = PgFormat::Binary;
    statement.parameters = {update.op.uuid.toByteArray(QUuid::WithoutBraces), bases.bytes()};
    QByteArray arrays, names, sets;
    for (size_t i = 0; i < columns.size(); ++i) {
        statement.parameters.emplace_back(std::move(columns[i].bytes));
        arrays += ',' + parameter(statement.parameters.size()) + "::" + BinaryArray::typeName(columns[i].element);
        names += ',' + (i == 0 ? QByteArray("wt_k") : name(i - 1));
    }
    const QByteArray keyCast = "::" + m_mapping.key.castName.toUtf8();
    for (size_t i = 0; i < update.fields.size(); ++i) {
        const ColumnInfo &column = field(update.fields[i]).column;
        sets += quotedIdentifier(column.name) + "=t." + name(i) + "::" + column.castName.toUtf8() + ',';
    }
    QByteArray returned;
    for (const int index : returnedFor(update.fields))
        returned += ",u." + quotedIdentifier(field(index).column.name) + "::text";
    const QByteArray table = quotedIdentifier(m_mapping.schema) + '.' + quotedIdentifier(m_mapping.table);
    const QByteArray key = quotedIdentifier(m_mapping.key.name);
    // Asked by the statement itself: it holds the table's lock, so what it sees is what took part.
    const QByteArray relation = quotedLiteral(table) + "::regclass";
    const QByteArray others =
        "(SELECT count(*) FROM (SELECT FROM pg_trigger WHERE tgrelid=" + relation +
        " AND NOT tgisinternal AND tgenabled<>'D' AND tgtype&16<>0 AND tgname NOT IN "
        "('zzz_wt_update','zzz_wt_set','wt_upd','wt_key') UNION ALL SELECT FROM pg_rewrite WHERE ev_class=" +
        relation + ") wt_others)";
    const QByteArray next =
        "nextval(" + quotedLiteral(quotedIdentifier(m_mapping.protocolSchema) + ".wt_version_seq") + ')';
    statement.sql = "WITH o AS MATERIALIZED (SELECT set_config('wt.op',$1,true) AS op),"
                    "t AS MATERIALIZED (SELECT x.wt_k" +
                    keyCast + " AS wt_key,x.* FROM o,unnest($2::int8[]" + arrays + ") WITH ORDINALITY x(wt_base" +
                    names + ",wt_n) WHERE o.op IS NOT NULL ORDER BY 1) UPDATE " + table + " u SET " + sets +
                    "version=" + next + " FROM t WHERE u." + key +
                    "=t.wt_key AND u.version=t.wt_base RETURNING t.wt_n,u.version," + others + returned;
    return statement;
}

std::vector<int> BulkStore::returnedFor(const std::vector<int> &fields) const
{
    std::vector<int> returned = fields;
    for (size_t i = 0; i < m_mapping.fields.size(); ++i) {
        if (m_mapping.fields[i].column.generated)
            returned.push_back(static_cast<int>(i));
    }
    return returned;
}

Result<BulkWritten> BulkStore::receive(const BulkUpdate &update, Instant deadline)
{
    const auto result = m_connection.receive(deadline);
    if (!result)
        return Failure(result.error());
    BulkWritten written;
    written.fields = returnedFor(update.fields);
    written.versions.resize(update.rows());
    std::vector<int> places(update.rows(), -1); // PostgreSQL returns them in the order of the keys
    for (int i = 0; i < result->rows(); ++i) {
        const auto row = static_cast<size_t>(result->number(i, 0) - 1);
        places[row] = i;
        written.versions[row] = {result->number(i, 1)};
    }
    written.changesMore = result->rows() > 0 && result->number(0, 2) > 0;
    written.values.reserve(update.rows() * written.fields.size(), static_cast<qsizetype>(update.rows() * 8));
    for (const int place : places) {
        for (int column = 3; column < 3 + static_cast<int>(written.fields.size()); ++column) {
            if (place < 0 || result->isNull(place, column))
                written.values.addNull();
            else
                written.values.add(result->bytes(place, column));
        }
    }
    return written;
}

} // namespace throughline
