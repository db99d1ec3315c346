// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "engine/verifyreport.h"

#include <QJsonObject>
#include <QStringList>

namespace throughline::cli {

// What `verify` says: keys, columns and kinds of differences, never a value.

[[nodiscard]] QStringList verifyLines(const Mapping &mapping, const VerifyReport &report);
[[nodiscard]] QJsonObject verifyJson(const Mapping &mapping, const VerifyReport &report);
/// What broke it off, what could not be judged, and what to do next; a sentence each.
[[nodiscard]] QStringList verifyAdvice(const VerifyReport &report);

} // namespace throughline::cli
