// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/verdictlog.h"

#include "stores/postgres/pgstatement.h"
#include "stores/postgres/pgstatements.h"

namespace throughline {

VerdictLog::VerdictLog(PgConnection &connection, const Mapping &mapping)
    : m_connection(connection)
    , m_label(mapping.config.label.toUtf8())
    , m_staged(quotedIdentifier(mapping.protocolSchema) + ".wt_staged")
{
}

Result<std::vector<GivenAnswer>> VerdictLog::next(VerdictPlace &place, milliseconds age, int limit, Instant deadline)
{
    const auto result =
        m_connection.run({"SELECT at::text,op_id::text,id,ack,status,coalesce(err,'') FROM " + m_staged +
                              " WHERE at>now()-$1::text::bigint*interval '1 ms' AND (at,op_id)>"
                              "($2::text::timestamptz,$3::text::uuid) AND tbl=$4::text AND ack<>'' AND id IS NOT NULL"
                              " ORDER BY at,op_id LIMIT $5::text::int",
                          {QByteArray::number(static_cast<qint64>(age.count())), place.at, place.id, m_label,
                           QByteArray::number(limit)}},
                         deadline);
    if (!result)
        return Failure(result.error());
    std::vector<GivenAnswer> answers;
    answers.reserve(static_cast<size_t>(result->rows()));
    for (int i = 0; i < result->rows(); ++i)
        answers.push_back({{result->text(i, 2)},
                           result->text(i, 3),
                           result->text(i, 4) == "done",
                           QString::fromUtf8(result->text(i, 5))});
    if (const int rows = result->rows(); rows > 0)
        place = {result->text(rows - 1, 0), result->text(rows - 1, 1)};
    return answers;
}

} // namespace throughline
