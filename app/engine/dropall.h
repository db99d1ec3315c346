// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/keyspace.h"
#include "stores/redis/rowcache.h"

#include <functional>
#include <span>

namespace throughline {

/// Drops hashes and leases of these keys, a part at a time; `progress` is told how many hashes so far.
[[nodiscard]] Result<qint64> dropKeys(RowCache &cache, std::span<const RowKey> keys, milliseconds perCommand,
                                      const std::function<void(qint64)> &progress = {});

/// Drops every hash and every lease of a mapping; returns how many keys. Always safe, beside any reader and writer:
/// the leases go first, so that whoever read a row before this began either lost the permission to fill, or has filled
/// by the time the hashes go. `perCommand` bounds each round trip.
[[nodiscard]] Result<qint64> dropAll(RedisContext &redis, RowCache &cache, const Keyspace &keyspace,
                                     milliseconds perCommand, const std::function<void(qint64)> &progress = {});

} // namespace throughline
