// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "generator/loadreport.h"

#include <QJsonObject>
#include <QString>

namespace throughline::loadreporttext {

// A report for people and for programs. Pure but for save(). No values of rows.

/// Counters only, as a run says them while it goes on.
[[nodiscard]] QJsonObject jsonOf(const LoadStats &stats);
/// The whole report; it has `result`.
[[nodiscard]] QJsonObject jsonOf(const LoadReport &report);
/// Several lines: what was done, how long it took, what went wrong, and whether the stores agree.
[[nodiscard]] QString textOf(const LoadReport &report);
/// "direct, open loop": every figure is worth nothing without it.
[[nodiscard]] QString mannerOf(const LoadSettings &settings);
/// JSON when the name ends so, else text.
[[nodiscard]] Result<void> save(const LoadReport &report, const QString &fileName);

} // namespace throughline::loadreporttext
