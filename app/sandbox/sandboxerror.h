// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

namespace throughline {

/// The sandbox cannot be set up as it is configured; `message` is a whole sentence.
[[nodiscard]] inline StoreError misconfigured(const QString &message)
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.message = message;
    return error;
}

} // namespace throughline
