// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QString>

#include <optional>

/// One statement or command over a connection of its own, with libpq and hiredis and nothing of the program: what a
/// test checks the program's own connections against. They block.
namespace throughline::testclients {

struct PgAnswer
{
    bool ok = false;
    QString error;
    std::optional<QByteArray> scalar; ///< the first column of the first row
};

[[nodiscard]] PgAnswer pg(const QString &conninfo, const QString &sql);

/// Replies in the order received, nested ones flattened, nil as a null QByteArray, an error as its text; empty when
/// there is no connection. Logs in first when a password is given.
[[nodiscard]] QByteArrayList redis(const QString &socket, const QByteArrayList &command,
                                   const QByteArray &password = {});

} // namespace throughline::testclients
