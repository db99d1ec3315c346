// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/row.h"

#include <QString>

#include <vector>

namespace throughline {

/// Which rows the grid shows: those where `contains` stands in one of the text columns; all when it is empty.
struct RowFilter
{
    QString contains;

    friend bool operator==(const RowFilter &, const RowFilter &) = default;
};

/// The first key of every page, in key order: what lets the grid jump anywhere in a million rows without OFFSET.
/// Page i holds the keys from firstKeys[i] up to, not including, firstKeys[i + 1].
struct TableIndex
{
    quint64 generation = 0; ///< of the request that this answers
    RowFilter filter;
    int pageSize = 200;
    qint64 rowCount = 0;  ///< counted when the index was read
    qint64 totalRows = 0; ///< rows of the table without the filter
    std::vector<RowKey> firstKeys;
    std::vector<Row> firstPage; ///< rows of page 0, so that the grid has something to show at once
    bool complete = true;       ///< false: only the first page yet; rowCount is an estimate
};

struct PageRequest
{
    int page = 0;
    RowKey from;
    std::optional<RowKey> before; ///< first key of the next page; none for the last one

    friend bool operator==(const PageRequest &, const PageRequest &) = default;
};

struct RowPage
{
    quint64 generation = 0;
    PageRequest request;
    std::vector<Row> rows;
    bool outgrown = false; ///< it has far more rows than the index knew: without them, that is to be read again
};

} // namespace throughline
