// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "engine/enginesettings.h"
#include "testservers.h"

namespace throughline {

/// A fresh database with the prepared users table of the original document and an empty Redis: what most tests of the
/// engine begin with. Values only; the servers belong to the test program.
struct UsersFixture
{
    QString error; ///< why there is none; empty when all is there
    Mapping mapping;
    EngineSettings settings;

    [[nodiscard]] static UsersFixture make(TestServers &servers, int users = 3);
};

/// Says that Redis is recovered, as a window or a gateway does: to be called after flushing it, since only then misses
/// may be filled.
[[nodiscard]] bool recoverCache(const Mapping &mapping, const EngineSettings &settings);

/// The index of a field of the users mapping.
[[nodiscard]] int fieldOf(const Mapping &mapping, const char *column);

} // namespace throughline
