// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace throughline {

enum class Store { Postgres, Redis, Program };

/// What went wrong, in the terms that decide what to do next. Filled by one translator per backend
/// (stores/postgres/pgerror, stores/redis/rediserror); nobody else reads native codes.
enum class ErrorKind {
    Unreachable,      ///< no connection could be made; nothing was sent
    Authentication,   ///< the server refused user or password
    ConnectionLost,   ///< the connection broke
    Timeout,          ///< no answer before the deadline
    Interrupted,      ///< the owner cancelled the wait
    InvalidValue,     ///< the value does not fit the column
    NullNotAllowed,   ///< NULL in a NOT NULL column
    Duplicate,        ///< a unique constraint refused the value
    Referenced,       ///< a foreign key refused the change
    PermissionDenied, ///< the role may not
    Transient,        ///< serialization failure, deadlock, server starting or stopping: send again
    OutOfMemory,      ///< the server is over its memory limit
    ScriptMissing,    ///< Redis does not know the script's SHA any more
    Misconfigured,    ///< settings, mapping or table are not usable
    Protocol,         ///< a reply of a shape that we did not expect
    Other,
};

/// The one error type of the program. `message` is a whole sentence for people and never holds row values.
struct StoreError
{
    ErrorKind kind = ErrorKind::Other;
    Store store = Store::Program;
    QString message;
    QString code;       ///< SQLSTATE, or the first word of a Redis error
    QString column;     ///< the column that was refused, where the server names it
    QString constraint; ///< the constraint that refused, where the server names it
    bool sent = false;  ///< the command had left for the server when it failed

    friend bool operator==(const StoreError &, const StoreError &) = default;

    /// The connection holds an unread or half-sent command and must be replaced.
    [[nodiscard]] bool dropConnection() const noexcept;
    /// The command may have taken effect although no answer arrived.
    [[nodiscard]] bool outcomeUnknown() const noexcept;
    /// The store itself is away (as against: it answered and refused).
    [[nodiscard]] bool unavailable() const noexcept;
};

} // namespace throughline
