// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/activityline.h"

/// How the parts of an activity line are said. Times are in UTC, as the window shows all of them.
namespace throughline::activitywords {

/// "14:03:22.118", with its day when that is not today.
[[nodiscard]] QString time(const QDateTime &at, const QDate &today);
[[nodiscard]] QString origin(ActivityOrigin origin);
/// "users:2"
[[nodiscard]] QString row(const ActivityLine &line);
[[nodiscard]] QString work(ActivityWork work);
[[nodiscard]] QString result(CellState result);
/// Milliseconds; empty when nobody measured.
[[nodiscard]] QString took(const ActivityLine &line);

} // namespace throughline::activitywords
