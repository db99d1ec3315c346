// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>

#include <memory>
#include <optional>
#include <vector>

struct pg_conn;
struct redisContext;

/// Connections of libpq and hiredis with nothing of the program in them: foreign SQL, legacy readers, and what the
/// checker looks at. They block, and connect again at the next call after they broke.
namespace throughline::faults {

class SqlClient final
{
public:
    using Rows = std::vector<QByteArrayList>; ///< NULL is a null QByteArray

    explicit SqlClient(const QByteArray &conninfo);
    ~SqlClient();
    SqlClient(const SqlClient &) = delete;
    SqlClient &operator=(const SqlClient &) = delete;

    /// One statement with parameters, or several without; nothing when it failed.
    std::optional<Rows> run(const QByteArray &sql, const QByteArrayList &parameters = {});
    /// Sends without waiting; answer() waits.
    bool send(const QByteArray &sql, const QByteArrayList &parameters = {});
    std::optional<Rows> answer();
    bool copy(const QByteArray &sql, const QByteArray &data);
    void close();
    /// From now on to another server.
    void redirect(const QByteArray &conninfo);
    [[nodiscard]] const QByteArray &error() const noexcept { return m_error; }
    /// The last failure left it open whether the statement took effect.
    [[nodiscard]] bool isUnknown() const noexcept { return m_unknown; }

private:
    [[nodiscard]] bool ensure();
    void failed(const char *state);

    QByteArray m_conninfo;
    pg_conn *m_connection = nullptr;
    QByteArray m_error;
    bool m_unknown = false;
};

class RedisClient final
{
public:
    explicit RedisClient(QByteArray socket);
    ~RedisClient();
    RedisClient(const RedisClient &) = delete;
    RedisClient &operator=(const RedisClient &) = delete;

    /// The replies, nested ones flattened, nil as a null QByteArray, an error as its text; nothing without an answer.
    std::optional<QByteArrayList> run(const QByteArrayList &command);
    void close();

private:
    QByteArray m_socket;
    redisContext *m_context = nullptr;
};

} // namespace throughline::faults
