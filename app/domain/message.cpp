// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/message.h"

namespace throughline {

std::optional<MessagePosition> MessagePosition::parse(const QByteArray &id)
{
    const qsizetype dash = id.indexOf('-');
    if (dash <= 0)
        return std::nullopt;
    bool goodMs = false, goodN = false;
    const MessagePosition position{id.first(dash).toLongLong(&goodMs), id.sliced(dash + 1).toLongLong(&goodN)};
    if (!goodMs || !goodN || position.ms < 0 || position.n < 0)
        return std::nullopt;
    return position;
}

} // namespace throughline
