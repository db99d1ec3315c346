// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace throughline {

using Clock = std::chrono::steady_clock;
using Instant = Clock::time_point;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

} // namespace throughline
