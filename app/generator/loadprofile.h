// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/mapping.h"
#include "generator/loadsettings.h"

#include <QString>

namespace throughline::loadprofile {

// A profile is an INI file that people write, save from the window and share; unknown keys and bad values are mistakes
// that name the line. Pure but for read() and save().
//
//   [workload]                       [pacing]                         [run]
//   path = direct                    pacing = open loop               connections = 2
//   rows = zipf 0.99                 rate = 2000                      batch = 16
//   mix = update 90, read 10         ; or: rate = 100 for 10 s,       duration = 60
//   seed = 42                        ;   100 to 1000 in 30 s, 1000    count = 0
//                                                                     verify = yes
//   [fields]
//   score = integer 1000..999999

[[nodiscard]] Result<LoadSettings> parse(const QString &text, const QString &fileName);
[[nodiscard]] Result<LoadSettings> read(const QString &fileName);
/// Reads back as the same settings.
[[nodiscard]] QString toText(const LoadSettings &settings);
[[nodiscard]] Result<void> save(const LoadSettings &settings, const QString &fileName);

// The parts, as the window's fields show and take them.
[[nodiscard]] QString textOf(const RowChoice &rows);
[[nodiscard]] QString textOf(const OperationMix &mix);
[[nodiscard]] QString textOf(const std::vector<FieldMaker> &fields); ///< "score = integer 1000..999999; ..."
[[nodiscard]] QString
rateText(const LoadSettings &settings); ///< "unlimited", "2000", "100 for 10 s, 100 to 1000 in 30 s, 1000"
[[nodiscard]] Result<RowChoice> rowsFrom(const QString &text);
[[nodiscard]] Result<OperationMix> mixFrom(const QString &text);
[[nodiscard]] Result<std::vector<FieldMaker>> fieldsFrom(const QString &text);
/// Sets `rate` or `schedule`.
[[nodiscard]] Result<void> takeRate(const QString &text, LoadSettings &settings);

/// Whether the table can take such a run: the columns are there, editable and of a kind that can hold the values.
[[nodiscard]] Result<void> check(const LoadSettings &settings, const Mapping &mapping);

} // namespace throughline::loadprofile
