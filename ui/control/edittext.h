// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/mapping.h"
#include "domain/outcome.h"
#include "domain/row.h"

#include <QString>

#include <optional>

namespace throughline {

/// What an edit changes, in words for the receipt: "users 2 · score 771004 → 771005". `before` is the row as it was
/// shown. Secrets are bullets.
[[nodiscard]] QString describeEdit(const Mapping &mapping, const Edit &edit, const std::optional<Row> &before);

/// The key that an insert was given joins what describeEdit could not know.
[[nodiscard]] QString describeInsert(const Mapping &mapping, const Outcome &outcome);

/// An edit whose values are not known here any more.
[[nodiscard]] QString describeEarlier(const Mapping &mapping, const Outcome &outcome);

/// What has become of an edit that was unknown, or not yet in the cache. Unknown is the last word on it.
[[nodiscard]] QString lateSentence(const Mapping &mapping, const Outcome &outcome);

} // namespace throughline
