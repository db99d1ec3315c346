// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/keydeal.h"

namespace throughline {

namespace {

constexpr int keysPerRead = 5000;

} // namespace

Result<std::vector<KeyPool>> dealKeys(PostgresLink &postgres, size_t workers, milliseconds deadline,
                                      const std::function<bool()> &goesOn)
{
    if (const auto open = postgres.ensure(); !open)
        return Failure(open.error());
    std::vector<KeyPool> pools(workers);
    std::optional<RowKey> after;
    size_t next = 0;
    while (goesOn()) {
        const auto keys = postgres.rows().keyVersionsAfter(after, keysPerRead, Clock::now() + deadline);
        if (!keys)
            return Failure(keys.error());
        for (const auto &[key, version] : *keys)
            pools[next++ % workers].add(key, version);
        if (std::ssize(*keys) < keysPerRead)
            break;
        after = keys->back().first;
    }
    return pools;
}

} // namespace throughline
