// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/verifier.h"
#include "generator/keypool.h"
#include "generator/loadreport.h"

#include <functional>

namespace throughline {

/// Compares every key that a run has touched in both stores, added and deleted rows among them, and writes what it
/// found into the report. `progress` hears how many are done. Blocks its thread.
void verifyTouched(const Mapping &mapping, const EngineSettings &settings, const std::vector<KeyPool> &pools,
                   const Interrupt *interrupt, const std::function<void(qint64)> &progress, LoadReport &report);

} // namespace throughline
