// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "domain/safety.h"
#include "engine/enginesettings.h"

namespace throughline {

/// Where a run writes to.
struct LoadTarget
{
    Mapping mapping;
    EngineSettings settings;
    Environment environment = Environment::Production; ///< anything else has to be said
};

} // namespace throughline
