// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "engine/tableindex.h"

#include <map>
#include <vector>

namespace throughline {

/// The users mapping with one column of every family that the grid treats differently.
[[nodiscard]] Mapping testMapping();
[[nodiscard]] Row testRow(qint64 key, qint64 version = 1);

/// A table in memory that answers what the engine would answer.
class TableFake final
{
public:
    explicit TableFake(qint64 rows = 0);

    std::map<qint64, Row> rows;

    [[nodiscard]] TableIndex index(quint64 generation, int pageSize = 200) const;
    [[nodiscard]] RowPage page(quint64 generation, const PageRequest &request) const;
};

} // namespace throughline
