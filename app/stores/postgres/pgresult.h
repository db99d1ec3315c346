// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/value.h"

#include <QByteArrayView>

#include <memory>

struct pg_result;

namespace throughline {

/// Owns one PGresult. Plain data once received, so it may outlive its connection, but it stays on its thread.
class PgResult final
{
public:
    explicit PgResult(pg_result *result) noexcept;

    [[nodiscard]] int rows() const noexcept;
    [[nodiscard]] int columns() const noexcept;
    [[nodiscard]] Value value(int row, int column) const;
    [[nodiscard]] QByteArray text(int row, int column) const { return value(row, column).value_or(QByteArray()); }
    /// The bytes as they lie there, without a copy; empty for NULL.
    [[nodiscard]] QByteArrayView bytes(int row, int column) const;
    [[nodiscard]] bool isNull(int row, int column) const;
    /// An int4 or int8 of a binary result.
    [[nodiscard]] qint64 number(int row, int column) const;
    [[nodiscard]] pg_result *native() const noexcept { return m_result.get(); }

private:
    struct Clear
    {
        void operator()(pg_result *result) const noexcept;
    };
    std::unique_ptr<pg_result, Clear> m_result;
};

} // namespace throughline
