// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace throughline {

/// What the pair of stores is to its users; decides what the program refuses or asks about.
enum class Environment { Development, Production, ReadOnly };

} // namespace throughline
