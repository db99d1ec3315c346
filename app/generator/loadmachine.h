// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/loadreport.h"

namespace throughline {

/// This machine and this program; the versions of the servers are left empty. Reads /proc and /etc.
[[nodiscard]] LoadMachine thisMachine();

} // namespace throughline
