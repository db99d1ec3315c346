// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/statedirectory.h"

#include <QDir>

namespace throughline {

using namespace Qt::StringLiterals;

QString stateDirectoryOf(PgConnection &connection, Instant deadline)
{
    const auto id = connection.run({"SELECT (SELECT system_identifier FROM pg_control_system())::text||'-'||oid FROM "
                                    "pg_database WHERE datname=current_database()",
                                    {}},
                                   deadline);
    if (!id)
        return {};
    const QString given = qEnvironmentVariable("XDG_STATE_HOME");
    const QString root = given.isEmpty() ? QDir::homePath() + "/.local/state"_L1 : given;
    return root + "/throughline/"_L1 + QString::fromLatin1(id->text(0, 0));
}

} // namespace throughline
