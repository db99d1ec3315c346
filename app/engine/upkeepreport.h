// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"
#include "domain/outboxsize.h"

#include <QMetaType>

#include <optional>

namespace throughline {

/// What the upkeep has found and done so far.
struct UpkeepReport
{
    qint64 claimedRows = 0; ///< of the outbox, since the start
    qint64 pushedKeys = 0;
    qint64 confirmedRows = 0;
    qint64 tablesDropped = 0;        ///< how often so much waited that the hashes were dropped instead
    OutboxSize waiting;              ///< by anybody, at the last look
    bool recovering = false;         ///< Redis has started again and its hashes are not yet known to be good
    std::optional<StoreError> error; ///< why nothing can be done at the moment

    friend bool operator==(const UpkeepReport &, const UpkeepReport &) = default;
};

} // namespace throughline
