// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"
#include "cli/console.h"

#include <optional>

namespace throughline::cli {

/// Says what hinders a long run when it begins and when it is over, not at every attempt in between.
class Hindrance final
{
public:
    /// True when it has just begun or ended.
    bool update(const std::optional<StoreError> &error, Console &console);

private:
    bool m_isThere = false;
};

} // namespace throughline::cli
