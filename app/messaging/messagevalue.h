// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/value.h"

#include <QString>

#include <tl/expected.hpp>

#include <utility>
#include <vector>

namespace throughline::messagevalue {

using NamedValue = std::pair<QString, Value>;

/// The members of a JSON object whose values are strings, numbers, true, false or null, in their order; a bare JSON
/// number is the member `score`. A number keeps the digits it was written with, which a double would not. The error
/// is a whole sentence that quotes nothing of the text.
[[nodiscard]] tl::expected<std::vector<NamedValue>, QString> parse(const QByteArray &json);

} // namespace throughline::messagevalue
