// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "domain/stagedwrite.h"

#include <QDateTime>
#include <QMetaType>

namespace throughline {

/// A staged write that this program has answered.
struct StagedEvent
{
    QDateTime at; ///< UTC
    QByteArray label;
    RowKey key;
    StagedOp op = StagedOp::Unknown;
    bool isAnswered = false; ///< the client gave an id and finds the answer under it
    bool done = false;
    QString failure;     ///< see failureText(); holds no value
    nanoseconds took{0}; ///< since it was noticed
    OpId id;             ///< of the write
};

} // namespace throughline
