// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/pgconnection.h"

#include "base/faultpoint.h"
#include "stores/postgres/pgconninfo.h"
#include "stores/postgres/pgerror.h"
#include "stores/postgres/pgprobe.h"
#include "stores/postgres/pgstatements.h"

#include <QCoreApplication>
#include <QSqlDriver>
#include <QSqlError>
#include <QVariant>

#include <array>
#include <atomic>
#include <libpq-fe.h>
#include <sys/socket.h>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

// Constants, not settings: two programs that print a value differently would rewrite each other's hashes.
// client_connection_check_interval ends a statement whose client has gone, so closing is enough to cancel.
constexpr qsizetype mostPrepared = 64;

constexpr auto sessionSettings = "SET TimeZone='UTC';SET DateStyle='ISO';SET IntervalStyle='postgres';"
                                 "SET bytea_output='hex';SET extra_float_digits=1;SET lock_timeout='10s';"
                                 "SET idle_in_transaction_session_timeout='60s';"
                                 "SET client_connection_check_interval='1s';"
                                 // A node that is cut off does not count as alive for hours.
                                 "SET tcp_keepalives_idle=10;SET tcp_keepalives_interval=5;SET tcp_keepalives_count=3";

void ignoreNotice(void *, const char *) {}

StoreError driverMissing()
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.store = Store::Postgres;
    error.message = QCoreApplication::translate(
        "PgConnection", "Qt's PostgreSQL driver is not installed. Install the package libqt6sql6-psql.");
    return error;
}

StoreError unsupportedParameter(const QString &keyword)
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.store = Store::Postgres;
    error.message = QCoreApplication::translate("PgConnection", "The connection parameter %1 may not hold a semicolon.")
                        .arg(keyword);
    return error;
}

/// What the driver has no setter for. It turns every semicolon into a space, so a value may not hold one.
Result<QString> connectOptionsOf(const ConninfoParameters &parameters, const PgOptions &options)
{
    QStringList words;
    for (const auto &[keyword, value] : parameters) {
        if (keyword == "host"_L1 || keyword == "dbname"_L1 || keyword == "user"_L1 || keyword == "password"_L1)
            continue;
        if (value.contains(u';'))
            return Failure(unsupportedParameter(keyword));
        words << quotedParameter(keyword, value);
    }
    // Ours are only defaults: what a service file or libpq's own variables say goes before them.
    const bool service = hasParameter(parameters, u"service"_s) || qEnvironmentVariableIsSet("PGSERVICE");
    const auto isOpen = [&](const QString &keyword, const char *variable) {
        return !service && !hasParameter(parameters, keyword) && !qEnvironmentVariableIsSet(variable);
    };
    if (isOpen(u"connect_timeout"_s, "PGCONNECT_TIMEOUT")) {
        const auto seconds = std::max<qint64>(2, options.connectTimeout.count() / 1000); // libpq rounds 1 up to 2
        words << quotedParameter(u"connect_timeout"_s, QString::number(seconds));
    }
    // PROTOCOL A2: what goes into the cache is read from the primary.
    if (isOpen(u"target_session_attrs"_s, "PGTARGETSESSIONATTRS"))
        words << quotedParameter(u"target_session_attrs"_s, u"read-write"_s);
    if (!hasParameter(parameters, u"fallback_application_name"_s))
        words << quotedParameter(u"fallback_application_name"_s, options.applicationName);
    return words.join(u' ');
}

QString valueOf(const ConninfoParameters &parameters, QLatin1StringView keyword)
{
    for (const auto &parameter : parameters) {
        if (parameter.first == keyword)
            return parameter.second;
    }
    return {};
}

/// What libpq takes: pointers into the statement, which it must not outlive.
struct Parameters
{
    explicit Parameters(const PgStatement &statement)
    {
        const size_t size = statement.parameters.size();
        values.reserve(size);
        lengths.reserve(size);
        formats.assign(size, static_cast<int>(statement.arrays));
        for (const Value &value : statement.parameters) {
            values.push_back(value ? value->constData() : nullptr);
            lengths.push_back(value ? static_cast<int>(value->size()) : 0);
        }
        if (size > 0)
            formats.front() = static_cast<int>(PgFormat::Text);
    }
    [[nodiscard]] int count() const { return static_cast<int>(values.size()); }

    std::vector<const char *> values;
    std::vector<int> lengths;
    std::vector<int> formats;
};

} // namespace

PgConnection::PgConnection(PgOptions options, const Interrupt *interrupt)
    : m_options(std::move(options))
    , m_interrupt(interrupt)
{
    static std::atomic<quint64> counter{0};
    m_name = u"throughline-%1"_s.arg(++counter);
}

PgConnection::~PgConnection()
{
    close();
}

Result<void> PgConnection::open()
{
    close();
    if (!QSqlDatabase::isDriverAvailable(u"QPSQL"_s))
        return Failure(driverMissing());
    const auto parameters = parseConninfo(m_options.conninfo);
    if (!parameters)
        return Failure(parameters.error());
    const auto options = connectOptionsOf(*parameters, m_options);
    if (!options)
        return Failure(options.error());
    if (const auto reached = probePostgres(m_options.conninfo, m_options.connectTimeout, m_interrupt); !reached)
        return reached;
    {
        auto db = QSqlDatabase::addDatabase(u"QPSQL"_s, m_name);
        db.setHostName(valueOf(*parameters, "host"_L1));
        db.setDatabaseName(valueOf(*parameters, "dbname"_L1));
        db.setUserName(valueOf(*parameters, "user"_L1));
        db.setPassword(valueOf(*parameters, "password"_L1));
    }
    return openDriver(*options);
}

Result<void> PgConnection::openDriver(const QString &connectOptions)
{
    {
        auto db = database();
        db.setConnectOptions(connectOptions);
        if (!db.open()) {
            const QString reason = db.lastError().databaseText();
            db = QSqlDatabase();
            close();
            return Failure(pgerror::fromConnect(reason));
        }
        m_handle = *static_cast<PGconn *const *>(db.driver()->handle().constData());
    }
    {
        const std::lock_guard lock(m_socketMutex);
        m_socket = PQsocket(m_handle);
    }
    PQsetNoticeProcessor(m_handle, &ignoreNotice, nullptr);
    PQsetnonblocking(m_handle, 1);
    const auto applied = runScript(sessionSettings, Clock::now() + m_options.connectTimeout);
    if (!applied)
        return Failure(applied.error());
    return {};
}

void PgConnection::close()
{
    {
        const std::lock_guard lock(m_socketMutex);
        m_socket = -1;
    }
    m_handle = nullptr;
    m_node = 0;
    m_prepared.clear();
    m_preparedOrder.clear();
    if (!QSqlDatabase::contains(m_name))
        return;
    database().close();
    QSqlDatabase::removeDatabase(m_name);
}

bool PgConnection::checkAlive()
{
    while (m_handle && waitFor(PQsocket(m_handle), WaitFor::Read, Clock::now(), nullptr) == WaitResult::Ready) {
        if (!PQconsumeInput(m_handle) || PQstatus(m_handle) != CONNECTION_OK)
            close();
    }
    return m_handle != nullptr;
}

QSqlDatabase PgConnection::database() const
{
    return QSqlDatabase::database(m_name, false);
}

void PgConnection::abort() noexcept
{
    const std::lock_guard lock(m_socketMutex);
    if (m_socket >= 0)
        shutdown(m_socket, SHUT_RDWR);
}

QString PgConnection::serverVersion() const
{
    if (!m_handle)
        return {};
    return QString::fromLatin1(PQparameterStatus(m_handle, "server_version")).section(u' ', 0, 0);
}

Failure PgConnection::drop(ErrorKind kind, bool sent)
{
    close();
    return Failure(pgerror::lost(kind, sent));
}

Result<PgResult> PgConnection::run(const PgStatement &statement, Instant deadline)
{
    return send(statement, deadline).and_then([&] { return receive(deadline); });
}

Result<void> PgConnection::send(const PgStatement &statement, Instant deadline)
{
    if (!m_handle)
        return Failure(pgerror::lost(ErrorKind::Unreachable, false));
    const Parameters given(statement);
    const auto results = static_cast<int>(statement.results);
    if (statement.reuse == Reuse::Once) {
        return sent(PQsendQueryParams(m_handle, statement.sql.constData(), given.count(), nullptr, given.values.data(),
                                      given.lengths.data(), given.formats.data(), results),
                    deadline);
    }
    const auto name = prepare(statement, deadline);
    if (!name)
        return Failure(name.error());
    return sent(PQsendQueryPrepared(m_handle, name->constData(), given.count(), given.values.data(),
                                    given.lengths.data(), given.formats.data(), results),
                deadline);
}

Result<PgResult> PgConnection::receive(Instant deadline)
{
    return takeResults(deadline);
}

Result<QByteArray> PgConnection::prepare(const PgStatement &statement, Instant deadline)
{
    if (const auto known = m_prepared.constFind(statement.sql); known != m_prepared.cend())
        return *known;
    if (m_prepared.size() >= mostPrepared) {
        if (const auto forgotten = forgetOldest(deadline); !forgotten)
            return Failure(forgotten.error());
    }
    const QByteArray name = "wt_" + QByteArray::number(m_preparedCount++);
    auto prepared = finish(PQsendPrepare(m_handle, name.constData(), statement.sql.constData(), 0, nullptr), deadline);
    if (!prepared) {
        StoreError error = prepared.error();
        error.sent = false; // the statement itself has not left, so nothing can have been changed
        return Failure(error);
    }
    m_prepared.insert(statement.sql, name);
    m_preparedOrder.push_back(statement.sql);
    return name;
}

/// Each costs the server memory, and how many there are may be for others to say: as many as there are sets of fields.
Result<void> PgConnection::forgetOldest(Instant deadline)
{
    const QByteArray name = m_prepared.take(m_preparedOrder.front());
    m_preparedOrder.pop_front();
    const auto forgotten = runScript("DEALLOCATE " + name, deadline);
    if (forgotten)
        return {};
    StoreError error = forgotten.error();
    error.sent = false; // nothing was to be changed
    return Failure(error);
}

Result<PgResult> PgConnection::runScript(const QByteArray &sql, Instant deadline)
{
    if (!m_handle)
        return Failure(pgerror::lost(ErrorKind::Unreachable, false));
    return finish(PQsendQuery(m_handle, sql.constData()), deadline);
}

Result<PgResult> PgConnection::finish(int queued, Instant deadline)
{
    return sent(queued, deadline).and_then([&] { return takeResults(deadline); });
}

Result<void> PgConnection::sent(int queued, Instant deadline)
{
    if (!queued) // the socket is known to be gone
        return drop(ErrorKind::ConnectionLost, false);
    if (const auto flushed = flush(deadline); !flushed)
        return flushed;
    faultPoint(FaultPoint::StatementSent);
    return {};
}

Result<PgResult> PgConnection::takeResults(Instant deadline)
{
    if (!m_handle)
        return Failure(pgerror::lost(ErrorKind::ConnectionLost, true));
    PgResult last(nullptr);
    PgResult failed(nullptr);
    for (;;) {
        if (const auto ready = awaitResult(deadline); !ready)
            return Failure(ready.error());
        PgResult next(PQgetResult(m_handle));
        if (!next.native()) // ReadyForQuery
            break;
        const auto status = PQresultStatus(next.native());
        const bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
        (good ? last : failed) = std::move(next);
    }
    if (failed.native()) {
        const StoreError error = pgerror::fromResult(failed.native());
        if (error.dropConnection() || PQstatus(m_handle) != CONNECTION_OK)
            close();
        return Failure(error);
    }
    if (PQstatus(m_handle) != CONNECTION_OK)
        return drop(ErrorKind::ConnectionLost, true);
    return last;
}

Result<void> PgConnection::copyIn(const QByteArray &sql, const std::function<QByteArray()> &nextChunk, Instant deadline)
{
    if (!m_handle)
        return Failure(pgerror::lost(ErrorKind::Unreachable, false));
    if (!PQsendQuery(m_handle, sql.constData()))
        return drop(ErrorKind::ConnectionLost, false);
    if (const auto ready = flush(deadline).and_then([&] { return awaitResult(deadline); }); !ready)
        return ready;
    const PgResult opened(PQgetResult(m_handle));
    if (PQresultStatus(opened.native()) == PGRES_COPY_IN) {
        for (QByteArray chunk = nextChunk(); !chunk.isEmpty(); chunk = nextChunk()) {
            if (const auto put = putCopy(chunk, deadline); !put)
                return put;
        }
        if (PQputCopyEnd(m_handle, nullptr) < 0)
            return drop(ErrorKind::ConnectionLost, true);
        if (const auto flushed = flush(deadline); !flushed)
            return flushed;
    }
    const auto result = takeResults(deadline);
    if (!result)
        return Failure(result.error());
    if (PQresultStatus(opened.native()) != PGRES_COPY_IN)
        return Failure(pgerror::fromResult(opened.native()));
    return {};
}

Result<void> PgConnection::putCopy(const QByteArray &chunk, Instant deadline)
{
    // 0 means that libpq's buffer is full until the socket takes more.
    for (;;) {
        const int put = PQputCopyData(m_handle, chunk.constData(), static_cast<int>(chunk.size()));
        if (put > 0)
            return flush(deadline);
        if (put < 0)
            return drop(ErrorKind::ConnectionLost, true);
        if (const auto flushed = flush(deadline); !flushed)
            return flushed;
    }
}

Result<void> PgConnection::flush(Instant deadline)
{
    for (;;) {
        const int left = PQflush(m_handle);
        if (left == 0)
            return {};
        if (left < 0)
            return drop(ErrorKind::ConnectionLost, true);
        // Also for reading: the server may be waiting for us to take its data before it takes ours.
        if (const auto moved = waitAndRead(WaitFor::ReadOrWrite, deadline); !moved)
            return moved;
    }
}

Result<void> PgConnection::awaitResult(Instant deadline)
{
    while (PQisBusy(m_handle)) {
        if (const auto read = waitAndRead(WaitFor::Read, deadline); !read)
            return read;
    }
    return {};
}

Result<void> PgConnection::waitAndRead(WaitFor what, Instant deadline)
{
    switch (waitFor(PQsocket(m_handle), what, deadline, m_interrupt)) {
    case WaitResult::Ready:
        break;
    case WaitResult::Timeout:
        return drop(ErrorKind::Timeout, true);
    case WaitResult::Interrupted:
        return drop(ErrorKind::Interrupted, true);
    }
    if (!PQconsumeInput(m_handle))
        return drop(ErrorKind::ConnectionLost, true);
    return {};
}

Result<void> PgConnection::registerNode(const QString &protocolSchema, Instant deadline)
{
    // One after the other, in this order: the number, the lock that says its owner lives, then the mark on our writes.
    const auto number =
        run({"SELECT nextval($1::regclass)", {quotedIdentifier(protocolSchema) + ".wt_node_seq"}}, deadline);
    if (!number)
        return Failure(number.error());
    const QByteArray node = number->text(0, 0);
    if (const auto locked = run({"SELECT pg_advisory_lock(7461, $1::int)", {node}}, deadline); !locked)
        return Failure(locked.error());
    if (const auto marked = run({"SELECT set_config('wt.node', $1, false)", {node}}, deadline); !marked)
        return Failure(marked.error());
    m_node = node.toInt();
    return {};
}

} // namespace throughline
