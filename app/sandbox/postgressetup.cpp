// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/postgressetup.h"

#include <libpq-fe.h>

#include <poll.h>
#include <utility>

namespace throughline {

namespace {

bool isReady(const PGconn *connection, int pollingStatus)
{
    const short events = pollingStatus == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    pollfd wait{PQsocket(connection), events, 0};
    return poll(&wait, 1, 0) > 0;
}

} // namespace

PostgresSetup::PostgresSetup(QByteArray conninfo, QByteArray role, QByteArray database, QByteArray password)
    : m_conninfo(std::move(conninfo))
    , m_role(std::move(role))
    , m_database(std::move(database))
    , m_password(std::move(password))
{
}

PostgresSetup::~PostgresSetup()
{
    disconnect();
}

PostgresSetup::State PostgresSetup::advance()
{
    if (m_step == Step::Connecting)
        return connectFurther();
    return m_step == Step::Done ? State::Done : readAnswer();
}

PostgresSetup::State PostgresSetup::connectFurther()
{
    if (!m_connection) {
        m_connection = PQconnectStart(m_conninfo.constData());
        m_waitFor = PGRES_POLLING_WRITING;
    }
    while (m_connection && PQstatus(m_connection) != CONNECTION_BAD) {
        if (!isReady(m_connection, m_waitFor))
            return State::Waiting;
        m_waitFor = PQconnectPoll(m_connection);
        if (m_waitFor == PGRES_POLLING_OK)
            return send(Step::LookingForDatabase,
                        "SELECT 1 FROM pg_catalog.pg_database WHERE datname = '" + m_database + "'");
        if (m_waitFor == PGRES_POLLING_FAILED)
            break;
    }
    // Nobody listens yet, or the server says that it is still starting: another try at the next call.
    disconnect();
    return State::Waiting;
}

PostgresSetup::State PostgresSetup::send(Step step, const QByteArray &sql)
{
    m_step = step;
    return PQsendQuery(m_connection, sql.constData()) == 1 ? State::Waiting : failed();
}

PostgresSetup::State PostgresSetup::readAnswer()
{
    if (PQflush(m_connection) < 0 || PQconsumeInput(m_connection) != 1)
        return failed();
    if (PQisBusy(m_connection))
        return State::Waiting;
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQgetResult(m_connection), &PQclear);
    if (!result)
        return State::Waiting;
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        return failed();
    // The null result that ends the statement has arrived with it, so this does not wait.
    while (const auto *rest = PQgetResult(m_connection))
        PQclear(const_cast<PGresult *>(rest));
    return next(result.get());
}

PostgresSetup::State PostgresSetup::next(const PGresult *result)
{
    switch (m_step) {
    case Step::LookingForDatabase:
        if (PQntuples(result) == 0)
            return send(Step::CreatingDatabase, "CREATE DATABASE \"" + m_database + '"');
        return setPassword();
    case Step::CreatingDatabase:
        return setPassword();
    case Step::SettingPassword:
    case Step::Connecting:
    case Step::Done:
        break;
    }
    m_step = Step::Done;
    return State::Done;
}

PostgresSetup::State PostgresSetup::setPassword()
{
    if (!m_password.isEmpty())
        return send(Step::SettingPassword, "ALTER ROLE \"" + m_role + "\" PASSWORD '" + m_password + '\'');
    m_step = Step::Done;
    return State::Done;
}

PostgresSetup::State PostgresSetup::failed()
{
    m_error = QString::fromUtf8(PQerrorMessage(m_connection)).trimmed();
    disconnect();
    return State::Failed;
}

void PostgresSetup::disconnect()
{
    PQfinish(std::exchange(m_connection, nullptr));
}

} // namespace throughline
