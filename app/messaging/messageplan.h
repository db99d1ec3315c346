// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"
#include "domain/mapping.h"
#include "domain/message.h"

#include <tl/expected.hpp>

#include <vector>

namespace throughline::messageplan {

// The decisions of a consumer, without any I/O.

/// Rows of one statement: its outbox row holds no more keys (PROTOCOL.md, section 2).
inline constexpr size_t wishesPerStatement = 500;

/// What one message wants; or the reason, a whole sentence, why it can never have it.
[[nodiscard]] tl::expected<RowWish, QString> wishOf(const Mapping &mapping, const Message &message);

/// A wish that one or several messages make together.
struct MergedWish
{
    RowWish wish;
    std::vector<size_t> wishes; ///< indexes of what was merged
    std::vector<size_t> owners; ///< for each field, the index of the newest, whose value it is
};

/// One for each row; of each field the newest value. In the order in which the rows are first named.
[[nodiscard]] std::vector<MergedWish> merge(const std::vector<RowWish> &wishes);
/// What goes as one statement each: the same fields, at most `atMost` rows.
[[nodiscard]] std::vector<std::vector<MergedWish>> statements(std::vector<MergedWish> merged,
                                                              size_t atMost = wishesPerStatement);

/// PostgreSQL refuses something that is asked of it; when one message stands alone, it is that message for ever. Not
/// so for what is wrong with table, rights or server, which somebody can put in order.
[[nodiscard]] bool isRefusal(const StoreError &error);
/// It may work when it is tried again: a store is away, or something else was in the way.
[[nodiscard]] bool isPassing(const StoreError &error);

} // namespace throughline::messageplan
