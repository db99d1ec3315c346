// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/cachedtable.h"

#include <span>

namespace throughline {

/// Gives the answers to staged writes again that a restart of Redis has lost (PROTOCOL.md, R4), from their verdicts:
/// first the row as it is now, then the answer, so that nobody who reads "done" finds an older row. It may be done at
/// any time, any number of times. Blocks its thread; the links belong to whoever calls.
class Reacker final
{
public:
    Reacker(CachedTable &table, const EngineSettings &settings);

    /// How many answers were given again.
    [[nodiscard]] Result<qint64> run();

private:
    [[nodiscard]] Result<qint64> answer(std::span<const GivenAnswer> answers);
    [[nodiscard]] Result<void> push(std::span<const GivenAnswer> answers);

    CachedTable &m_table;
    EngineSettings m_settings;
};

} // namespace throughline
