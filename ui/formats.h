// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <QString>

/// Numbers of the program as people read them. Values of rows are never formatted: they are shown as stored.
namespace throughline::formats {

/// 1,000,234: grouped by locale.
[[nodiscard]] QString count(qint64 number);
/// "0.4", "12": milliseconds without the unit, one digit below ten.
[[nodiscard]] QString milliseconds(double ms);
[[nodiscard]] QString milliseconds(nanoseconds time);
/// "23:41:08", "2 d 03:41:08"
[[nodiscard]] QString clock(qint64 ms);

} // namespace throughline::formats
