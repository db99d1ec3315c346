// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "domain/outcome.h"

#include <QJsonObject>
#include <QString>

namespace throughline::cli {

/// `committed`, `committed-cache-pending`, `conflict`, ...: the words of --json.
[[nodiscard]] QString verdictWord(Verdict verdict);
/// The outcome in a sentence: what happened, why, and what that means for the two stores. No row values.
[[nodiscard]] QString outcomeSentence(const Mapping &mapping, const Outcome &outcome);
[[nodiscard]] QJsonObject outcomeJson(const Mapping &mapping, const Outcome &outcome);
/// A refusal with its column named.
[[nodiscard]] QString errorSentence(const StoreError &error);

} // namespace throughline::cli
