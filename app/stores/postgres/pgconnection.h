// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "stores/postgres/pgresult.h"
#include "stores/postgres/pgstatement.h"

#include <QHash>
#include <QSqlDatabase>
#include <QString>

#include <deque>
#include <functional>
#include <mutex>

struct pg_conn;

namespace throughline {

struct PgOptions
{
    QString conninfo; ///< libpq's text or URI
    QString applicationName;
    milliseconds connectTimeout{5000};
};

/// One PostgreSQL connection, opened by the QPSQL driver. The thread that opens it owns it and all that is made from
/// it. Statements run on the driver's own handle, because a wait there can be given a deadline and be interrupted;
/// catalog work uses database().
class PgConnection final
{
public:
    PgConnection(PgOptions options, const Interrupt *interrupt);
    ~PgConnection();
    PgConnection(const PgConnection &) = delete;
    PgConnection &operator=(const PgConnection &) = delete;

    [[nodiscard]] Result<void> open();
    void close();
    [[nodiscard]] bool isOpen() const noexcept { return m_handle != nullptr; }
    /// Reads what the server has sent unasked, such as its farewell; closes the connection when it is gone. Asking this
    /// before a write turns "sent into a dead connection, outcome unknown" into "not sent".
    [[nodiscard]] bool checkAlive();
    [[nodiscard]] QString serverVersion() const;

    /// Runs one statement to ReadyForQuery, which is when it is committed. A lost, late or interrupted statement
    /// closes the connection.
    [[nodiscard]] Result<PgResult> run(const PgStatement &statement, Instant deadline);
    // The halves of run(), for what else can be done while the server works. Nothing may be run in between.
    [[nodiscard]] Result<void> send(const PgStatement &statement, Instant deadline);
    [[nodiscard]] Result<PgResult> receive(Instant deadline);
    /// Several statements without parameters in one simple query (its own transaction unless it says otherwise).
    [[nodiscard]] Result<PgResult> runScript(const QByteArray &sql, Instant deadline);

    /// COPY FROM STDIN in text format, which QPSQL cannot do: `nextChunk` gives whole lines until it gives none. All
    /// rows are committed, or none.
    [[nodiscard]] Result<void> copyIn(const QByteArray &sql, const std::function<QByteArray()> &nextChunk,
                                      Instant deadline);

    /// Becomes a node of the protocol: number, advisory lock as the sign of life, wt.node (PROTOCOL, section 2).
    [[nodiscard]] Result<void> registerNode(const QString &protocolSchema, Instant deadline);
    /// The number it has as a node; 0 for a connection that is none.
    [[nodiscard]] int node() const noexcept { return m_node; }

    /// For QSqlQuery. No query of it may be open while run() is called.
    [[nodiscard]] QSqlDatabase database() const;
    /// From any thread: breaks the connection, so that a QSqlQuery that waits for the server returns.
    void abort() noexcept;

private:
    [[nodiscard]] Result<void> openDriver(const QString &connectOptions);
    [[nodiscard]] Result<QByteArray> prepare(const PgStatement &statement, Instant deadline);
    [[nodiscard]] Result<void> forgetOldest(Instant deadline);
    [[nodiscard]] Result<PgResult> finish(int queued, Instant deadline);
    [[nodiscard]] Result<void> sent(int queued, Instant deadline);
    [[nodiscard]] Result<PgResult> takeResults(Instant deadline);
    [[nodiscard]] Result<void> putCopy(const QByteArray &chunk, Instant deadline);
    [[nodiscard]] Result<void> flush(Instant deadline);
    [[nodiscard]] Result<void> awaitResult(Instant deadline);
    [[nodiscard]] Result<void> waitAndRead(WaitFor what, Instant deadline);
    [[nodiscard]] Failure drop(ErrorKind kind, bool sent);

    PgOptions m_options;
    const Interrupt *m_interrupt;
    QString m_name;                           ///< of the QSqlDatabase; it must be removed after the last handle on it
    pg_conn *m_handle = nullptr;              ///< the driver's
    QHash<QByteArray, QByteArray> m_prepared; ///< SQL -> name
    std::deque<QByteArray> m_preparedOrder;   ///< their SQL, the oldest first
    quint64 m_preparedCount = 0;              ///< ever, over this connection
    int m_node = 0;
    std::mutex m_socketMutex; ///< guards m_socket alone: abort() may come from another thread
    int m_socket = -1;
};

} // namespace throughline
