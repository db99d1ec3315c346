// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores.h"

#include "domain/mappingconfig.h"

#include <QDateTime>

#include <algorithm>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

const QByteArray prefix = "users:"_ba;

bool isLease(const QByteArray &key)
{
    return key.startsWith("{users:") && key.endsWith("}:lease");
}

StoredRow hashOf(const QByteArrayList &reply)
{
    StoredRow row;
    for (qsizetype i = 0; i + 1 < reply.size(); i += 2) {
        if (reply[i] == "version")
            row.version = reply[i + 1].toLongLong();
        else
            row.fields.insert(reply[i], reply[i + 1]);
    }
    return row;
}

} // namespace

StoreReader::StoreReader(SqlClient &sql, RedisClient &redis)
    : m_sql(sql)
    , m_redis(redis)
{
}

std::optional<Stores> StoreReader::stores()
{
    Stores stores;
    const auto waiting = undrained();
    if (!waiting || !readTable(stores) || !readCache(stores))
        return std::nullopt;
    stores.undrained = *waiting;
    return stores;
}

std::optional<qint64> StoreReader::undrained()
{
    const auto rows = m_sql.run("SELECT count(*) FROM wt_outbox WHERE drained_at IS NULL");
    if (!rows) {
        m_error = m_sql.error();
        return std::nullopt;
    }
    return rows->front().front().toLongLong();
}

std::optional<qint64> StoreReader::staged()
{
    const auto names = m_redis.run({"SCAN", "0", "MATCH", "*{users:*}*", "COUNT", "1000000"});
    if (!names || names->isEmpty())
        return std::nullopt;
    return std::count_if(names->cbegin() + 1, names->cend(),
                         [](const QByteArray &name) { return name.startsWith("__") || name.endsWith("}:wip"); });
}

std::optional<std::vector<VerdictRow>> StoreReader::newVerdicts()
{
    // Their times are those of the wall clock; events have the other clock of the same host.
    const qint64 shift = QDateTime::currentMSecsSinceEpoch() * 1'000'000 - monotonicNow();
    const auto rows = m_sql.run("SELECT op_id, coalesce(id,''), ack, coalesce(what,'?')::text, status, xmin::text, "
                                "(extract(epoch FROM at)*1000000)::bigint FROM wt_staged WHERE ack IS NOT NULL");
    if (!rows) {
        m_error = m_sql.error();
        return std::nullopt;
    }
    std::vector<VerdictRow> verdicts;
    for (const QByteArrayList &row : *rows) {
        if (m_known.contains(row[0]))
            continue;
        m_known.insert(row[0]);
        verdicts.push_back(
            {row[1], row[2], row[3].front(), row[4] == "done", row[5], row[6].toLongLong() * 1000 - shift});
    }
    return verdicts;
}

std::optional<std::vector<AuditRow>> StoreReader::newAudit()
{
    const auto rows = m_sql.run("SELECT n, key, version, op_id, deleted::int, value, xid FROM fault_audit "
                                "WHERE n > $1::bigint ORDER BY n",
                                {QByteArray::number(m_lastChange)});
    if (!rows) {
        m_error = m_sql.error();
        return std::nullopt;
    }
    std::vector<AuditRow> audit;
    audit.reserve(rows->size());
    for (const QByteArrayList &row : *rows)
        audit.push_back({row[0].toLongLong(), row[1], row[2].toLongLong(), row[3], row[4] == "1", row[5], row[6]});
    if (!audit.empty())
        m_lastChange = audit.back().order;
    return audit;
}

bool StoreReader::readTable(Stores &stores)
{
    const auto fields = MappingConfig::users().fields;
    QByteArray sql = "SET TimeZone='UTC';SET DateStyle='ISO';SELECT id::text,version::text";
    for (const FieldConfig &field : fields)
        sql += ",\"" + field.column.toUtf8() + "\"::text";
    const auto rows = m_sql.run(sql + " FROM users");
    if (!rows) {
        m_error = m_sql.error();
        return false;
    }
    for (const QByteArrayList &columns : *rows) {
        StoredRow row;
        row.version = columns[1].toLongLong();
        for (qsizetype i = 2; i < columns.size(); ++i) {
            if (!columns[i].isNull())
                row.fields.insert(fields[static_cast<size_t>(i - 2)].hashField, columns[i]);
        }
        stores.table.insert(columns[0], row);
    }
    return true;
}

bool StoreReader::readCache(Stores &stores)
{
    QByteArray cursor = "0";
    do {
        const auto reply = m_redis.run({"SCAN", cursor, "COUNT", "1000"});
        if (!reply || reply->isEmpty()) {
            m_error = "Redis does not answer";
            return false;
        }
        cursor = reply->front();
        for (qsizetype i = 1; i < reply->size(); ++i) {
            if (!readKey(reply->at(i), stores))
                return false;
        }
    } while (cursor != "0");
    return true;
}

bool StoreReader::readKey(const QByteArray &key, Stores &stores)
{
    if (isLease(key) || key.startsWith("wt:"))
        return true;
    const auto type = m_redis.run({"TYPE", key});
    if (!type)
        return false;
    if (type->value(0) == "none") // expired meanwhile
        return true;
    if (type->value(0) == "stream")
        return readAnswers(key, stores);
    if (!key.startsWith(prefix) || type->value(0) != "hash") {
        stores.strangeKeys << QString::fromUtf8(key) + " ("_L1 + QString::fromUtf8(type->value(0)) + ')'_L1;
        return true;
    }
    const auto hash = m_redis.run({"HGETALL", key});
    if (hash && !hash->isEmpty())
        stores.cache.insert(key.mid(prefix.size()), hashOf(*hash));
    return hash.has_value();
}

bool StoreReader::readAnswers(const QByteArray &stream, Stores &stores)
{
    const auto entries = m_redis.run({"XRANGE", stream, "-", "+"});
    for (qsizetype i = 0; entries && i + 1 < entries->size(); ++i) {
        if (entries->at(i) == "status")
            stores.answers[stream] << entries->at(i + 1);
    }
    return entries.has_value();
}

Baseline baselineOf(const Stores &stores)
{
    Baseline known;
    for (auto row = stores.table.cbegin(); row != stores.table.cend(); ++row)
        known.insert(row.key(), {row->version, row->fields.value("first")});
    return known;
}

} // namespace throughline::faults
