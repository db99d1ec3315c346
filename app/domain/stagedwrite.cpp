// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/stagedwrite.h"

#include <array>

namespace throughline {

namespace {

/// In the order of StagedRefusal. Programs read them: they stay as they are.
constexpr std::array<const char *, stagedRefusals> names{"none",       "operation",  "key",      "field",
                                                         "value",      "constraint", "conflict", "cache_only",
                                                         "not_a_hash", "timed_out",  "other"};

} // namespace

QString nameOf(StagedRefusal refusal)
{
    return QLatin1StringView(names[static_cast<size_t>(refusal)]);
}

} // namespace throughline
