// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/mapping.h"
#include "engine/enginesettings.h"

namespace throughline::faults {

/// The times of PROTOCOL.md at a tenth, so that half an hour holds what takes five.
[[nodiscard]] EngineSettings scaledSettings(const QString &conninfo, const QString &redisUrl, const QString &name);

/// The users table of a prepared database; its hashes live for 20 s, so that expiry and eviction happen.
[[nodiscard]] Result<Mapping> usersMapping(const QString &conninfo);

/// Which keys take part.
namespace keys {
inline constexpr int hotFirst = 1; ///< written by everybody
inline constexpr int hotLast = 20;
inline constexpr int churnFirst = 101; ///< deleted and added again
inline constexpr int churnLast = 140;
inline constexpr int batchFirst = 201; ///< written in small batches
inline constexpr int batchLast = 400;
inline constexpr int bulkFirst = 10'001; ///< T14
inline constexpr int bulkLast = 20'000;
} // namespace keys

} // namespace throughline::faults
