// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/originalusers.h"

#include <QCoreApplication>

#include <array>

namespace throughline {

namespace {

struct OriginalUser
{
    const char *key;
    const char *username;
    const char *firstName;
    const char *created;
};

constexpr std::array<OriginalUser, 3> users{{
    {"1", "fulano", "Fulano", "2024-06-21"},
    {"2", "beltrano", "Beltrano", "2024-06-22"},
    {"3", "sicrano", "Sicrano", "2024-06-23"},
}};

constexpr auto passwordHash = "d1e8a70b5ccab1dc2f56bbf7e99f064a660c08e361a35751b9c483c88943d082";

StoreError columnMissing(const QString &column)
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.message = QCoreApplication::translate("OriginalUsers",
                                                "The users of the original need the column %1, which is not mapped.")
                        .arg(column);
    return error;
}

} // namespace

Result<std::vector<Edit>> originalUsers(const Mapping &mapping)
{
    std::vector<Edit> edits;
    for (const OriginalUser &user : users) {
        const QByteArray name(user.username);
        const std::array<std::pair<const char *, QByteArray>, 9> values{{{"username", name},
                                                                         {"email", name + "@detal.com.br"},
                                                                         {"password_hash", passwordHash},
                                                                         {"first_name", user.firstName},
                                                                         {"last_name", "deTal"},
                                                                         {"date_of_birth", "1981-01-01"},
                                                                         {"score", "0"},
                                                                         {"created_at", user.created},
                                                                         {"updated_at", user.created}}};
        Edit edit;
        edit.op = OpId::create();
        edit.kind = EditKind::Insert;
        edit.key = {user.key};
        edit.origin = Origin::CommandLine;
        for (const auto &[column, value] : values) {
            const auto field = mapping.fieldNamed(QString::fromLatin1(column));
            if (!field)
                return Failure(columnMissing(QString::fromLatin1(column)));
            edit.changes.push_back({*field, value});
        }
        edits.push_back(std::move(edit));
    }
    return edits;
}

} // namespace throughline
