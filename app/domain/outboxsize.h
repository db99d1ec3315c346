// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace throughline {

/// What waits in the outbox for a push.
struct OutboxSize
{
    qint64 rows = 0;
    qint64 keys = 0;
    double oldestS = 0; ///< age of the oldest row in seconds; 0 when there is none

    friend bool operator==(const OutboxSize &, const OutboxSize &) = default;
};

} // namespace throughline
