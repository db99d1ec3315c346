// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/storeerror.h"

#include <QtGlobal>

#include <optional>

namespace throughline {

/// What a consumer has done so far. received = applied + superseded + dead, once a batch is settled.
struct ConsumeReport
{
    qint64 received = 0;
    qint64 applied = 0;                 ///< at least one field is as the message said
    qint64 superseded = 0;              ///< newer messages were there first, or the message had been applied before
    qint64 dead = 0;                    ///< put on the dead-letter stream
    qint64 gone = 0;                    ///< owed to the group and deleted from the stream by somebody
    qint64 committed = 0;               ///< versions of rows
    qint64 pending = 0;                 ///< at the end: given to anybody of the group and not settled
    double elapsedS = 0;                ///< since the first message
    std::optional<StoreError> hindered; ///< a store is away
    std::optional<StoreError> failed;   ///< the end: this does not pass
    bool ended = false;

    [[nodiscard]] double perSecond() const noexcept
    {
        return elapsedS > 0 ? static_cast<double>(received) / elapsedS : 0;
    }
};

/// What a producer has done so far.
struct ProduceReport
{
    qint64 sent = 0;
    double elapsedS = 0;
    std::optional<StoreError> hindered;
    std::optional<StoreError> failed;
    bool ended = false;

    [[nodiscard]] double perSecond() const noexcept { return elapsedS > 0 ? static_cast<double>(sent) / elapsedS : 0; }
};

} // namespace throughline
