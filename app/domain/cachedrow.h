// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/value.h"

#include <QByteArray>

#include <utility>
#include <vector>

namespace throughline {

/// What Redis holds at a row's key.
struct CachedRow
{
    enum class State { Absent, Hash, WrongType };
    static constexpr qint64 noTtl = -1;

    State state = State::Absent;
    QByteArray typeName;       ///< of a WrongType key: `list`, `string`, ...
    QByteArray version;        ///< field `version` as it stands, empty when absent
    std::vector<Value> values; ///< in the order of Mapping::fields; no value = absent field
    std::vector<std::pair<QByteArray, QByteArray>> unmapped; ///< fields outside the mapping, sorted by name
    qint64 ttlMs = noTtl;

    friend bool operator==(const CachedRow &, const CachedRow &) = default;
};

} // namespace throughline
