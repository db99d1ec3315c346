// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <memory>
#include <vector>

struct pg_conn;
struct pg_result;

namespace throughline {

/// Connects to a server that is just starting and makes what the sandbox needs in it: the database, and a password
/// where there are loopback ports. A state machine that never waits; advance() is called from a timer on the main
/// thread until it says Done or Failed.
class PostgresSetup final
{
public:
    enum class State { Waiting, Done, Failed };

    /// `password` is empty unless TCP connections are to need one.
    PostgresSetup(QByteArray conninfo, QByteArray role, QByteArray database, QByteArray password);
    ~PostgresSetup();
    PostgresSetup(const PostgresSetup &) = delete;
    PostgresSetup &operator=(const PostgresSetup &) = delete;

    [[nodiscard]] State advance();
    [[nodiscard]] QString error() const { return m_error; }

private:
    enum class Step { Connecting, LookingForDatabase, CreatingDatabase, SettingPassword, Done };

    [[nodiscard]] State connectFurther();
    [[nodiscard]] State readAnswer();
    [[nodiscard]] State send(Step step, const QByteArray &sql);
    [[nodiscard]] State next(const pg_result *result);
    [[nodiscard]] State setPassword();
    [[nodiscard]] State failed();
    void disconnect();

    QByteArray m_conninfo;
    QByteArray m_role;
    QByteArray m_database;
    QByteArray m_password;
    pg_conn *m_connection = nullptr;
    int m_waitFor = 0;
    Step m_step = Step::Connecting;
    QString m_error;
};

} // namespace throughline
