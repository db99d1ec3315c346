// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strongids.h"
#include "domain/columninfo.h"

#include <vector>

namespace throughline {

/// The order in which PostgreSQL delivers keys: whole numbers by value, everything else by its bytes. That is right
/// for uuid and the C collation; whether it is right for the table at hand is seen from its index (see isOrdered).
class KeyOrder final
{
public:
    explicit KeyOrder(ColumnKind kind = ColumnKind::Integer) noexcept
        : m_numeric(kind == ColumnKind::Integer)
    {
    }

    [[nodiscard]] bool less(const RowKey &a, const RowKey &b) const;
    [[nodiscard]] bool isOrdered(const std::vector<RowKey> &keys) const;

private:
    bool m_numeric;
};

} // namespace throughline
