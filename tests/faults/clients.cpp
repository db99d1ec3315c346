// SPDX-License-Identifier: GPL-3.0-or-later
#include "clients.h"

#include "flatreply.h"

#include <cstring>
#include <libpq-fe.h>

namespace throughline::faults {

namespace {

using PgReply = std::unique_ptr<PGresult, decltype(&PQclear)>;
using Reply = std::unique_ptr<redisReply, decltype(&freeReplyObject)>;

void ignoreNotice(void *, const char *) {}

bool isGood(const PGresult *result)
{
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

SqlClient::Rows rowsOf(const PGresult *result)
{
    SqlClient::Rows rows;
    rows.reserve(static_cast<size_t>(PQntuples(result)));
    for (int row = 0; row < PQntuples(result); ++row) {
        QByteArrayList columns;
        for (int column = 0; column < PQnfields(result); ++column)
            columns << (PQgetisnull(result, row, column) ? QByteArray() : QByteArray(PQgetvalue(result, row, column)));
        rows.push_back(columns);
    }
    return rows;
}

} // namespace

SqlClient::SqlClient(const QByteArray &conninfo)
{
    redirect(conninfo);
}

void SqlClient::redirect(const QByteArray &conninfo)
{
    close();
    m_conninfo = conninfo + " connect_timeout=5";
}

SqlClient::~SqlClient()
{
    close();
}

void SqlClient::close()
{
    PQfinish(m_connection);
    m_connection = nullptr;
}

bool SqlClient::ensure()
{
    if (m_connection && PQstatus(m_connection) == CONNECTION_OK)
        return true;
    close();
    m_connection = PQconnectdb(m_conninfo.constData());
    PQsetNoticeProcessor(m_connection, &ignoreNotice, nullptr);
    if (PQstatus(m_connection) == CONNECTION_OK)
        return true;
    m_error = PQerrorMessage(m_connection);
    m_unknown = false;
    return false;
}

void SqlClient::failed(const char *state)
{
    m_error = PQerrorMessage(m_connection);
    // Without a SQLSTATE, or with one of a shutdown, the COMMIT may have happened.
    m_unknown = !state || std::strncmp(state, "57P", 3) == 0 || PQstatus(m_connection) != CONNECTION_OK;
}

bool SqlClient::send(const QByteArray &sql, const QByteArrayList &parameters)
{
    if (!ensure())
        return false;
    std::vector<const char *> values;
    for (const QByteArray &parameter : parameters)
        values.push_back(parameter.isNull() ? nullptr : parameter.constData());
    const int sent = parameters.isEmpty()
                         ? PQsendQuery(m_connection, sql.constData())
                         : PQsendQueryParams(m_connection, sql.constData(), static_cast<int>(values.size()), nullptr,
                                             values.data(), nullptr, nullptr, 0);
    if (!sent)
        failed(nullptr);
    return sent == 1;
}

std::optional<SqlClient::Rows> SqlClient::answer()
{
    std::optional<Rows> rows = Rows();
    while (const PgReply result{PQgetResult(m_connection), &PQclear}) {
        if (!isGood(result.get())) {
            failed(PQresultErrorField(result.get(), PG_DIAG_SQLSTATE));
            rows.reset();
        } else if (rows) {
            rows = rowsOf(result.get());
        }
        if (PQresultStatus(result.get()) == PGRES_COPY_IN)
            PQputCopyEnd(m_connection, "no data");
    }
    if (rows && PQstatus(m_connection) != CONNECTION_OK) {
        failed(nullptr);
        rows.reset();
    }
    return rows;
}

std::optional<SqlClient::Rows> SqlClient::run(const QByteArray &sql, const QByteArrayList &parameters)
{
    return send(sql, parameters) ? answer() : std::nullopt;
}

bool SqlClient::copy(const QByteArray &sql, const QByteArray &data)
{
    if (!send(sql))
        return false;
    const PgReply opened(PQgetResult(m_connection), &PQclear);
    if (PQresultStatus(opened.get()) != PGRES_COPY_IN) {
        failed(PQresultErrorField(opened.get(), PG_DIAG_SQLSTATE));
        std::ignore = answer();
        return false;
    }
    PQputCopyData(m_connection, data.constData(), static_cast<int>(data.size()));
    PQputCopyEnd(m_connection, nullptr);
    return answer().has_value();
}

RedisClient::RedisClient(QByteArray socket)
    : m_socket(std::move(socket))
{
}

RedisClient::~RedisClient()
{
    close();
}

void RedisClient::close()
{
    if (m_context)
        redisFree(m_context);
    m_context = nullptr;
}

std::optional<QByteArrayList> RedisClient::run(const QByteArrayList &command)
{
    constexpr timeval patience{5, 0};
    if (!m_context) {
        m_context = redisConnectUnixWithTimeout(m_socket.constData(), patience);
        if (m_context)
            redisSetTimeout(m_context, patience);
    }
    std::vector<const char *> parts;
    std::vector<size_t> lengths;
    for (const QByteArray &part : command) {
        parts.push_back(part.constData());
        lengths.push_back(static_cast<size_t>(part.size()));
    }
    const Reply reply(m_context && m_context->err == 0
                          ? static_cast<redisReply *>(redisCommandArgv(m_context, static_cast<int>(parts.size()),
                                                                       parts.data(), lengths.data()))
                          : nullptr,
                      &freeReplyObject);
    if (!reply) {
        close();
        return std::nullopt;
    }
    QByteArrayList answers;
    flatten(reply.get(), answers);
    return answers;
}

} // namespace throughline::faults
