// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/bulkupdate.h"
#include "domain/mapping.h"
#include "stores/redis/luascript.h"
#include "stores/redis/rediscontext.h"

#include <span>
#include <vector>

namespace throughline {

/// What became of one hash.
enum class PatchReply : char {
    Updated = 'u',
    Newer = 'n',  ///< somebody has pushed a later version already
    Absent = 'a', ///< there is no hash; nothing is wrong with that
    Stale = 's',  ///< it is not at the base version: it needs the whole row
};

/// Brings hashes from the version that a statement replaced to the one that it gave, by the fields that it changed.
/// Only for statements that change nothing else of a row. Belongs to the thread of its connection.
class RowPatcher final
{
public:
    RowPatcher(RedisContext &redis, const Mapping &mapping);

    /// One answer per row of the update, in order; for a row that was not written it means nothing. 128 keys in one
    /// call, all calls in one round trip. Fails as a whole, and then a push of whole rows is what is left to do.
    [[nodiscard]] Result<std::vector<PatchReply>> patch(const BulkUpdate &update, const BulkWritten &written,
                                                        Instant deadline);

private:
    enum class Script { Digest, Text };
    [[nodiscard]] CommandBuffer commandsFor(const BulkUpdate &update, const BulkWritten &written,
                                            const std::vector<size_t> &rows, Script script) const;
    void addCall(CommandBuffer &buffer, const BulkUpdate &update, const BulkWritten &written,
                 std::span<const size_t> rows) const;
    [[nodiscard]] Result<std::vector<RedisReply>> call(const BulkUpdate &update, const BulkWritten &written,
                                                       const std::vector<size_t> &rows, Instant deadline);

    RedisContext &m_redis;
    Mapping m_mapping;
    LuaScript m_script = LuaScript::patch();
};

} // namespace throughline
