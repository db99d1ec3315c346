// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"

#include <tl/expected.hpp>

namespace throughline {

/// A value or the reason why there is none. Failure is a value: nothing is thrown across our own functions.
template <class T>
using Result = tl::expected<T, StoreError>;

using Failure = tl::unexpected<StoreError>;

} // namespace throughline
