// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"
#include "domain/cachedrow.h"
#include "domain/row.h"
#include "domain/rowcompare.h"

#include <QDateTime>

#include <optional>

namespace throughline {

/// One row as both stores hold it, each side read by its own connection. A store that does not answer leaves its
/// error here and its side empty.
struct RowPair
{
    RowKey key;
    std::optional<Row> row;
    CachedRow cached;
    std::optional<StoreError> postgresError;
    std::optional<StoreError> redisError;
    RowComparison comparison; ///< meaningful when neither error is set
    QDateTime readAt;
};

} // namespace throughline
