// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/keyspace.h"
#include "stores/redis/rediscontext.h"

#include <vector>

namespace throughline {

/// Keys that look like staged writes of a mapping and are none, and answers that earlier programs gave to nobody:
/// names that nobody serves. At most `atMost`.
[[nodiscard]] Result<std::vector<QByteArray>> strayKeys(RedisContext &redis, const Keyspace &keyspace, size_t atMost,
                                                        Instant deadline);

} // namespace throughline
