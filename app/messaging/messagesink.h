// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/message.h"

#include <span>

namespace throughline {

/// Where changes are sent to; the counterpart of MessageSource. Belongs to one thread.
class MessageSink
{
public:
    virtual ~MessageSink() = default;

    /// In this order. After a failure some may have been sent; the same ones may be sent again.
    [[nodiscard]] virtual Result<void> send(std::span<const Message> messages) = 0;
};

} // namespace throughline
