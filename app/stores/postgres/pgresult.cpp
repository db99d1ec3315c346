// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/pgresult.h"

#include <QtEndian>

#include <libpq-fe.h>

namespace throughline {

PgResult::PgResult(pg_result *result) noexcept
    : m_result(result)
{
}

void PgResult::Clear::operator()(pg_result *result) const noexcept
{
    PQclear(result);
}

int PgResult::rows() const noexcept
{
    return PQntuples(m_result.get());
}

int PgResult::columns() const noexcept
{
    return PQnfields(m_result.get());
}

Value PgResult::value(int row, int column) const
{
    if (PQgetisnull(m_result.get(), row, column))
        return std::nullopt;
    return QByteArray(PQgetvalue(m_result.get(), row, column), PQgetlength(m_result.get(), row, column));
}

QByteArrayView PgResult::bytes(int row, int column) const
{
    return {PQgetvalue(m_result.get(), row, column), PQgetlength(m_result.get(), row, column)};
}

bool PgResult::isNull(int row, int column) const
{
    return PQgetisnull(m_result.get(), row, column);
}

qint64 PgResult::number(int row, int column) const
{
    const QByteArrayView value = bytes(row, column);
    return value.size() == sizeof(qint64) ? qFromBigEndian<qint64>(value.data()) : qFromBigEndian<qint32>(value.data());
}

} // namespace throughline
