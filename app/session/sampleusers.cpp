// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/sampleusers.h"

#include "stores/postgres/pgstatements.h"

#include <array>

namespace throughline {

namespace {

constexpr int rowsPerChunk = 500;
constexpr std::array firstNames{"Amara",  "Beatriz", "Chiara", "Elif",   "Joaquim", "Kofi", "Livia",  "Marta",
                                "Mateus", "Noah",    "Oliver", "Olivia", "Priya",   "Sven", "Tomasz", "Yuki"};
constexpr std::array lastNames{"Barros",    "Berg",      "Castellan", "Demir",  "Ferreira", "Haugen",
                               "Kowalczyk", "Lindqvist", "Mensah",    "Moreau", "Nakamura", "Novak",
                               "Okafor",    "Oliveira",  "Rossi",     "Yildiz"};

QByteArray twoDigits(qint64 number)
{
    return QByteArray::number(number).rightJustified(2, '0');
}

// Every value follows from the number alone, by steps that share no factor with the lengths of the lists.
QByteArray lineOf(qint64 number)
{
    const QByteArray first(firstNames[static_cast<size_t>(number * 7) % firstNames.size()]);
    const QByteArray last(lastNames[static_cast<size_t>(number / 16 + number * 5) % lastNames.size()]);
    const QByteArray username = first.toLower() + '.' + last.toLower() + QByteArray::number(number);
    const QByteArray born = QByteArray::number(1950 + number * 13 % 55) + '-' + twoDigits(1 + number * 5 % 12) + '-' +
                            twoDigits(1 + number * 11 % 28);
    const QByteArray created = "2024-06-" + twoDigits(1 + number % 30) + " 08:" + twoDigits(number * 17 % 60) + ':' +
                               twoDigits(number * 29 % 60);
    const QByteArray score = QByteArray::number(1000 + number * 7919 % 999000);
    return username + '\t' + username + "@example.org\t" + QByteArray(64, 'd') + '\t' + first + '\t' + last + '\t' +
           born + '\t' + score + '\t' + created + '\t' + created + '\n';
}

} // namespace

Result<void> copySampleUsers(PgConnection &connection, const Mapping &mapping, qint64 first, qint64 count,
                             Instant deadline)
{
    const QByteArray sql =
        "COPY " + PgStatements(mapping).table() +
        "(username,email,password_hash,first_name,last_name,date_of_birth,score,created_at,updated_at) FROM STDIN";
    qint64 next = first;
    const auto chunk = [&] {
        QByteArray lines;
        for (int i = 0; i < rowsPerChunk && next < first + count; ++i, ++next)
            lines += lineOf(next);
        return lines;
    };
    return connection.copyIn(sql, chunk, deadline);
}

} // namespace throughline
