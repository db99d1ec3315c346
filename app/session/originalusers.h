// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/edit.h"
#include "domain/mapping.h"

#include <vector>

namespace throughline {

/// The three users of the original document, fulano, beltrano and sicrano, as inserts with the keys 1 to 3. Fails for a
/// mapping that lacks one of their columns.
[[nodiscard]] Result<std::vector<Edit>> originalUsers(const Mapping &mapping);

} // namespace throughline
