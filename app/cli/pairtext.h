// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "engine/rowpair.h"

#include <QJsonObject>
#include <QStringList>

namespace throughline::cli {

/// A row and its hash as lines of text, side by side, with a sign and a word where they differ. Secrets are masked.
[[nodiscard]] QStringList pairLines(const Mapping &mapping, const RowPair &pair);
[[nodiscard]] QJsonObject pairJson(const Mapping &mapping, const RowPair &pair);
/// `same`, `differs`, `not-cached`, `orphan`, `wrong-type`, `absent`.
[[nodiscard]] QString differenceWord(RowDifference difference);
/// `same`, `other-spelling`, `stale`, `missing-in-cache`, `only-in-cache`.
[[nodiscard]] QString differenceWord(FieldDifference difference);

} // namespace throughline::cli
