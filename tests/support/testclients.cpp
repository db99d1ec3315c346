// SPDX-License-Identifier: GPL-3.0-or-later
#include "testclients.h"

#include "flatreply.h"

#include <QFile>

#include <libpq-fe.h>
#include <memory>
#include <vector>

namespace throughline::testclients {

namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using PgReply = std::unique_ptr<PGresult, decltype(&PQclear)>;
using Context = std::unique_ptr<redisContext, decltype(&redisFree)>;
using Reply = std::unique_ptr<redisReply, decltype(&freeReplyObject)>;

} // namespace

PgAnswer pg(const QString &conninfo, const QString &sql)
{
    const Connection connection(PQconnectdb(conninfo.toUtf8().constData()), &PQfinish);
    const PgReply reply(PQexec(connection.get(), sql.toUtf8().constData()), &PQclear);
    const ExecStatusType status = PQresultStatus(reply.get());
    PgAnswer answer;
    answer.ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!answer.ok)
        answer.error = QString::fromUtf8(PQerrorMessage(connection.get())).trimmed();
    if (PQntuples(reply.get()) > 0 && !PQgetisnull(reply.get(), 0, 0))
        answer.scalar = QByteArray(PQgetvalue(reply.get(), 0, 0));
    return answer;
}

QByteArrayList redis(const QString &socket, const QByteArrayList &command, const QByteArray &password)
{
    const Context context(redisConnectUnix(QFile::encodeName(socket).constData()), &redisFree);
    if (!context || context->err != 0)
        return {};
    if (!password.isEmpty())
        const Reply loggedIn(static_cast<redisReply *>(redisCommand(context.get(), "AUTH %s", password.constData())),
                             &freeReplyObject);
    std::vector<const char *> parts;
    std::vector<size_t> lengths;
    for (const QByteArray &part : command) {
        parts.push_back(part.constData());
        lengths.push_back(static_cast<size_t>(part.size()));
    }
    const Reply reply(static_cast<redisReply *>(redisCommandArgv(context.get(), static_cast<int>(parts.size()),
                                                                 parts.data(), lengths.data())),
                      &freeReplyObject);
    QByteArrayList answers;
    if (reply)
        flatten(reply.get(), answers);
    return answers;
}

} // namespace throughline::testclients
