// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/storeerror.h"

namespace throughline {

bool StoreError::dropConnection() const noexcept
{
    return kind == ErrorKind::ConnectionLost || kind == ErrorKind::Timeout || kind == ErrorKind::Interrupted ||
           kind == ErrorKind::Protocol;
}

bool StoreError::outcomeUnknown() const noexcept
{
    return sent && dropConnection();
}

bool StoreError::unavailable() const noexcept
{
    return kind == ErrorKind::Unreachable || kind == ErrorKind::Authentication || kind == ErrorKind::ConnectionLost ||
           kind == ErrorKind::Timeout || kind == ErrorKind::Interrupted;
}

} // namespace throughline
