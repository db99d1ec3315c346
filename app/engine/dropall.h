// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/keyspace.h"
#include "stores/redis/rowcache.h"

#include <functional>

namespace throughline {

/// Drops every hash and every lease of a mapping; returns how many keys. Always safe, beside any reader and writer:
/// the leases go first, so that whoever read a row before this began either lost the permission to fill, or has filled
/// by the time the hashes go. `perCommand` bounds each round trip.
[[nodiscard]] Result<qint64> dropAll(RedisContext &redis, RowCache &cache, const Keyspace &keyspace,
                                     milliseconds perCommand, const std::function<void(qint64)> &progress = {});

} // namespace throughline
