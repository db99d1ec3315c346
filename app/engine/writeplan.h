// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/mapping.h"
#include "domain/outcome.h"
#include "stores/redis/rowcache.h"

#include <deque>
#include <vector>

namespace throughline::writeplan {

// The decisions of a write-through, without any I/O: what WriteThrough does is written down here and tested alone.

/// How many times a statement that a concurrent transaction made fail is sent before the edit is rejected.
inline constexpr int statementAttempts = 3;
/// How many rows one statement changes: its outbox row holds no more keys (PROTOCOL.md, section 2).
inline constexpr size_t editsPerStatement = 500;

/// PostgreSQL refused, or did not answer: which verdict that is. Never "failed" when the outcome is unknown.
[[nodiscard]] Verdict verdictFor(const StoreError &error);
/// The same statement may be sent again: it has certainly not been applied.
[[nodiscard]] bool shouldResend(const StoreError &error, int attempt);
/// PostgreSQL has looked at the statement and said no; sending it again would not help.
[[nodiscard]] bool isRefusal(const StoreError &error);
/// Takes what one statement can carry from the front of the queue, in its order: updates of the same fields of
/// different rows, or a single edit.
[[nodiscard]] std::vector<Edit> takeBatch(std::deque<Edit> &queue, size_t atMost = editsPerStatement);
/// The error with the column named, where constraint or edit tell which it was.
[[nodiscard]] StoreError withColumn(const Mapping &mapping, const Edit &edit, StoreError error);
/// The hash was not there and the policy wants every row cached: fill it (E5).
[[nodiscard]] bool shouldWarm(const Mapping &mapping, PutReply reply);
/// Whether the push counts as answered (E4).
[[nodiscard]] bool isAcknowledged(PutReply reply);

} // namespace throughline::writeplan
