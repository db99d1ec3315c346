// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/stagedwrite.h"

#include <QDateTime>

namespace throughline {

/// The verdict on a staged write as it is listed.
struct StagedRecord
{
    QDateTime at; ///< UTC, by PostgreSQL's clock
    QByteArray label;
    RowKey key;
    StagedOp op = StagedOp::Unknown;
    QByteArray uuid; ///< empty: nobody asked for an answer
    bool done = false;
    QString failure; ///< see failureText(); holds no value
    OpId id;         ///< of the write
};

} // namespace throughline
